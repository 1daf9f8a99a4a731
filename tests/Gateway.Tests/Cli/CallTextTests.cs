using Gateway.Cli;

namespace Gateway.Tests.Cli;

public sealed class CallTextTests
{
    [Fact]
    public void Of_Call_HasItsColumns() => Assert.Equal(
        "2026-11-21T22:30:00.125Z\t200\tAllowed\tdev:a\tgithub/issues.create\tPOST /repos\t-\tid-1",
        CallText.Of("""
            {"class_uid":6003,"time":1795300200125,"action":"Allowed","actor":{"app_uid":"dev:a"},"api":{"operation":"issues.create","service":{"name":"github"}},
            "http_request":{"http_method":"POST","url":{"path":"/repos"}},"http_response":{"code":200},"unmapped":{"gateway":{}},"metadata":{"uid":"id-1"}}
            """));

    [Fact]
    public void Of_RefusedIdentity_ShowsTheClaimInBrackets() => Assert.Equal(
        "1970-01-01T00:00:00.000Z\t401\tDenied\t(dev:claimed)\tgithub\tGET /x\tidentity_invalid\tid-2",
        CallText.Of("""
            {"class_uid":3002,"time":0,"user":{"uid":"dev:claimed"},"http_request":{"http_method":"GET","url":{"path":"/x"}},"http_response":{"code":401},
            "unmapped":{"gateway":{"reason":"identity_invalid","tool":"github"}},"metadata":{"uid":"id-2"}}
            """));

    [Theory]
    [InlineData("\\u001b[2J", "\\u{1b}[2J")]
    [InlineData("a\\tb\\nc", "a\\u{9}b\\u{a}c")]
    [InlineData("\\u202e\\u0085\\ud83d\\ude00", "\\u{202e}\\u{85}\\u{1f600}")]
    public void Of_WhatCouldChangeHowALineReads_IsShownAsACode(string path, string shown)
    {
        var text = CallText.Of($$$"""{"class_uid":6003,"http_request":{"http_method":"GET","url":{"path":"{{{path}}}"}},"metadata":{"uid":"id"}}""");

        Assert.Contains($"GET {shown}\t", text, StringComparison.Ordinal);
        Assert.All(text, character => Assert.True(character is >= ' ' and <= '~' or '\t'));
    }
}
