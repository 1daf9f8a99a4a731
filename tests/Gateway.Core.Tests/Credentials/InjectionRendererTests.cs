using System.Text;
using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

public sealed class InjectionRendererTests
{
    private const string Canary = "canary-7f3a9c51";

    [Fact]
    public void Render_Value_FillsFieldsAndRemembersThemForScrubbing()
    {
        var injection = Render([new("Authorization", "Bearer {token}"), new("X-Pair", "{id}/{token}")], ("token", Canary), ("id", "7"));

        Assert.Equal([$"Bearer {Canary}", $"7/{Canary}"], injection.Headers.Select(h => h.Value.Reveal()));
        Assert.Equal([$"7/{Canary}", Canary], Needles(injection)); // "7" is too short, "Bearer" is no secret
    }

    [Fact]
    public void Render_Basic_IsRfc7617InUtf8()
    {
        // The example of RFC 7617 §2.1.
        var injection = Render([InjectionTemplate.ForBasic("{user}", "{password}")], ("user", "test"), ("password", "123£"));

        Assert.Equal("Basic dGVzdDoxMjPCow==", injection.Headers.Single().Value.Reveal());
        Assert.Equal(["dGVzdDoxMjPCow=="], Needles(injection));
    }

    [Fact]
    public void Render_BasicWithEmptyPassword_KeepsTheColon() =>
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(Canary + ":")),
            Render([InjectionTemplate.ForBasic("{token}", "")], ("token", Canary)).Headers.Single().Value.Reveal());

    [Fact]
    public void Render_FieldThatIsNotInjected_IsScrubbedAsWell() =>
        Assert.Contains(Canary, Needles(Render([new("X-Key", "{id}")], ("id", "12345678"), ("refresh", Canary))));

    [Theory]
    [InlineData(Canary + "\r\nX-Other: 1")]
    [InlineData(Canary + "\n")]
    [InlineData(Canary + "\r")]
    [InlineData(Canary + "\0")]
    [InlineData(Canary + "\t1")]
    [InlineData(Canary + "\u007f")]
    [InlineData(Canary + "\u0085")]
    [InlineData(Canary + "é")]
    [InlineData(Canary + " ")]
    [InlineData("")]
    public void Render_ValueThatCannotBeSent_FailsNamingCredentialAndHeaderOnly(string value)
    {
        var failure = Assert.Throws<CredentialIssueException>(() => Render([new("X-Key", "{token}")], ("token", value)));

        Assert.StartsWith("credential 'crm': the header X-Key cannot be injected: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us:er", Canary)]
    [InlineData("us\ner", Canary)]
    [InlineData("user", Canary + "\0")]
    public void Render_BasicThatCannotBeSplitAgain_Fails(string user, string password)
    {
        var failure = Assert.Throws<CredentialIssueException>(
            () => Render([InjectionTemplate.ForBasic("{u}", "{p}")], ("u", user), ("p", password)));

        Assert.DoesNotContain(Canary, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_FieldMissing_NamesIt()
    {
        var failure = Assert.Throws<CredentialIssueException>(() => Render([new("X-Key", "{password}")], ("token", Canary)));

        Assert.Contains("'password'", failure.Message, StringComparison.Ordinal);
    }

    private static RenderedInjection Render(IReadOnlyList<InjectionTemplate> templates, params (string Name, string Value)[] fields) =>
        InjectionRenderer.Compile(templates).Render("crm", fields.ToDictionary(f => f.Name, f => new SecretValue(f.Value)));

    private static IEnumerable<string> Needles(RenderedInjection injection) => injection.Needles.Select(n => Encoding.UTF8.GetString(n.Span));
}
