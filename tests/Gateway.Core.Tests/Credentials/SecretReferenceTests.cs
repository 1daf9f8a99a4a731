using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

public sealed class SecretReferenceTests
{
    [Theory]
    [InlineData("secret:github-key", "secret", "github-key")]
    [InlineData("env:API_KEY", "env", "API_KEY")]
    [InlineData("file:/run/secrets/a:b", "file", "/run/secrets/a:b")]
    [InlineData("file:keys/one.pem", "file", "/etc/gateway/keys/one.pem")]
    [InlineData("file:../one.pem", "file", "/etc/one.pem")]
    [InlineData("vault:secret/crm#api_key", "vault", "secret/crm#api_key")]
    [InlineData("vault:team/kv/data/a.b@c:d#e:f", "vault", "team/kv/data/a.b@c:d#e:f")]
    public void TryParse_Reference_IsRead(string text, string scheme, string name)
    {
        Assert.True(SecretReference.TryParse(text, "/etc/gateway", out var reference, out _));
        Assert.Equal(new SecretReference(scheme, name), reference);
    }

    [Theory]
    [InlineData("sk-live-canary")]
    [InlineData("vault:canary#x")]
    [InlineData("vault:a/canary")]
    [InlineData("vault:a/canary#")]
    [InlineData("vault:a/canary#b#c")]
    [InlineData("vault:a/canary#b c")]
    [InlineData("vault:/a/canary#b")]
    [InlineData("vault:a/canary/#b")]
    [InlineData("vault:a//canary#b")]
    [InlineData("vault:a/../canary#b")]
    [InlineData("vault:a/canary%2f#b")]
    [InlineData("vault:a/canary?b#c")]
    [InlineData("vault:sys/canary#b")]
    [InlineData("vault:auth/token/canary#b")]
    [InlineData("Secret:canary")]
    [InlineData("secret:canary/../x")]
    [InlineData("secret:")]
    [InlineData("env:")]
    [InlineData("env:canary=1")]
    [InlineData("file:")]
    [InlineData("")]
    public void TryParse_AnythingElse_IsRefusedWithoutRepeatingIt(string text)
    {
        Assert.False(SecretReference.TryParse(text, "/etc/gateway", out var reference, out var error));
        Assert.Null(reference);
        Assert.DoesNotContain("canary", error, StringComparison.Ordinal);
    }
}
