using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

public sealed class InjectionTemplateTests
{
    private const string Canary = "canary-7f3a9c51";

    [Theory]
    [InlineData("Authorization")]
    [InlineData("X-Api-Key")]
    [InlineData("Cookie")]
    [InlineData("DPoP")]
    [InlineData("x_odd!name")]
    public void Validate_HeaderThatMayCarryACredential_IsAccepted(string header) =>
        Assert.Empty(new InjectionTemplate(header, "{token}").Validate(["token"]));

    [Theory]
    [InlineData("Host")]
    [InlineData("hOST")]
    [InlineData("Content-Length")]
    [InlineData("Content-Type")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Connection")]
    [InlineData("Proxy-Authorization")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("Expect")]
    [InlineData("Gateway-Identity")]
    [InlineData("gateway-task")]
    [InlineData("")]
    [InlineData("X Api")]
    [InlineData("X-Api:")]
    [InlineData("X\r\nHost")]
    [InlineData(":authority")]
    [InlineData("Schlüssel")]
    public void Validate_HeaderThatMayNot_IsRefused(string header)
    {
        Assert.Single(new InjectionTemplate(header, "{token}").Validate(["token"]));
        Assert.Throws<ArgumentException>(() => InjectionRenderer.Compile([new InjectionTemplate(header, "{token}")]));
    }

    [Fact]
    public void Validate_UnknownField_NamesItAndTheKnownOnes()
    {
        var error = Assert.Single(new InjectionTemplate("X-Api-Key", "{tokn}").Validate(["token", "access_token"]));

        Assert.Equal("Value: this credential has no field 'tokn'; it has {token}, {access_token}.", error);
    }

    [Fact]
    public void Validate_FieldsUnknownBeforeIssuance_AcceptsAny() =>
        Assert.Empty(InjectionTemplate.ForBasic("{username}", "{password}").Validate(fields: null));

    [Fact]
    public void Validate_SecretPastedInClear_IsRefusedWithoutRepeatingIt()
    {
        var errors = InjectionTemplate.Validate(
            [new InjectionTemplate("Authorization", $"Bearer {Canary}"), InjectionTemplate.ForBasic("me", Canary), new("X-Key", Canary + "{")],
            ["token"]);

        Assert.Equal(4, errors.Count); // the third: Authorization twice
        Assert.DoesNotContain(Canary, string.Join(' ', errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SameHeaderTwice_IsRefused() =>
        Assert.Contains(
            "twice",
            Assert.Single(InjectionTemplate.Validate([new("X-Key", "{token}"), new("x-key", "{token}")], ["token"])),
            StringComparison.Ordinal);

    [Fact]
    public void Validate_Nothing_IsRefused() => Assert.Single(InjectionTemplate.Validate([], ["token"]));

    [Theory]
    [InlineData("us:er{token}", "x", 1)]
    [InlineData("{token}", "", 0)]
    [InlineData("x-access-token", "{token}", 0)]
    [InlineData("user", "plain", 1)]
    [InlineData("{user}", "{token", 2)]
    public void Validate_Basic_CountsMistakes(string user, string password, int mistakes) =>
        Assert.Equal(mistakes, InjectionTemplate.ForBasic(user, password).Validate(["token"]).Count);

    [Fact]
    public void Bearer_IsValid() => Assert.Empty(InjectionTemplate.Bearer.Validate(["token"]));
}
