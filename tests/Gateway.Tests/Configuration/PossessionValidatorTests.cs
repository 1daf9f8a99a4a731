using System.Text;
using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

/// <summary>What the proofs that an issuer demands ask of the listeners.</summary>
public sealed class PossessionValidatorTests : IDisposable
{
    private const string Proof = "Identity|Issuers|dev|ProofOfPossession";
    private const string Agents = "Listeners|Agents";

    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://*:8080")]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://127.0.0.1:0")]
    public void Load_DpopWhereNoListenerKnowsItsUrl_IsAnErrorUntilItIsTold(string url)
    {
        var error = Assert.Single(_folder.LoadWith((Proof, "\"DPoP\""), (Agents, $$"""[ { "Url": "{{url}}" } ]""")).Errors);
        Assert.Equal("Gateway:Identity:Issuers:dev:ProofOfPossession", error.Key);
        Assert.Contains("ExternalUrls", error.Message, StringComparison.Ordinal);

        var told = _folder.LoadWith((Proof, "\"DPoP\""), (Agents, $$"""[ { "Url": "{{url}}", "ExternalUrls": ["https://gateway.example"] } ]"""));
        Assert.Empty(told.Errors);
        Assert.DoesNotContain(told.Warnings, w => w.Key.EndsWith("ExternalUrls", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_DpopWhereOneOfTheListenersDoesNotKnowItsUrl_IsAWarningThere()
    {
        var listeners = (Agents, """[ { "Url": "http://127.0.0.1:8080" }, { "Url": "http://*:8090" } ]""");
        var result = _folder.LoadWith((Proof, "\"DPoP\""), listeners);
        Assert.Empty(result.Errors);
        Assert.Single(result.Warnings, w => w.Key == "Gateway:Listeners:Agents:1:ExternalUrls" && w.Message.Contains("DPoP", StringComparison.Ordinal));

        Assert.DoesNotContain(_folder.LoadWith(listeners).Warnings, w => w.Key.EndsWith("ExternalUrls", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("None", false)]
    [InlineData("Accept", true)]
    [InlineData("Require", true)]
    public void Load_MutualTls_NeedsAListenerThatAsksForCertificates(string asks, bool sound)
    {
        _folder.WriteCertificate("a.pem", "a.key");
        var listener = $$"""{ "Url": "https://127.0.0.1:8443", "Certificate": "a.pem", "Key": "a.key", "ClientCertificate": "{{asks}}" }""";
        var errors = _folder.LoadWith((Proof, "\"MutualTls\""), (Agents, $$"""[ { "Url": "http://127.0.0.1:8080" }, {{listener}} ]""")).Errors;
        Assert.Equal(sound, errors.Count == 0);
        Assert.All(errors, error => Assert.Equal("Gateway:Identity:Issuers:dev:ProofOfPossession", error.Key));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/a", true)]
    [InlineData("http://127.0.0.1:8080", "http://localhost:8080/a", true)]
    [InlineData("http://127.0.0.1:8080", "http://[::1]:8080/a", false)]
    [InlineData("https://localhost:8443", "https://localhost:8443/a", true)]
    [InlineData("https://localhost:8443", "https://127.0.0.1:8443/a", true)]
    [InlineData("https://localhost:8443", "https://[::1]:8443/a", true)]
    [InlineData("http://[::1]:8080", "http://[::1]:8080/a", true)]
    [InlineData("https://10.1.2.3", "https://10.1.2.3/a", true)]
    [InlineData("https://10.1.2.3", "https://10.1.2.3:443/a", true)]
    [InlineData("https://10.1.2.3", "https://localhost/a", false)]
    [InlineData("http://127.0.0.1:8080", "https://127.0.0.1:8080/a", false)]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8081/a", false)]
    public void Of_AddressThatTells_DerivesTheUrls(string url, string target, bool matches) =>
        Assert.Equal(matches, ExternalUrls.Of(new ListenerOptions { Url = url }).Any(known => known.Matches(Encoding.ASCII.GetBytes(target), "/a")));

    [Fact]
    public void Of_ConfiguredUrls_ReplaceTheDerivedOnes()
    {
        var urls = ExternalUrls.Of(new ListenerOptions { Url = "http://127.0.0.1:8080", ExternalUrls = ["https://gateway.example"] });
        Assert.True(Assert.Single(urls).Matches("https://gateway.example/a"u8, "/a"));
    }
}
