using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity.Dpop;

/// <summary>A client with its key, a token that is bound to it, a request, and the verifier, all in the test's hands.</summary>
internal sealed class DpopScene
{
    public const string Target = "https://gateway.example/tool/items/1";
    public const string Path = "/tool/items/1";

    private readonly TestIssuer _client;
    private int _count;

    public DpopScene(string algorithm = "ES256", IReplayCache? replays = null)
    {
        _client = new TestIssuer(algorithm, keyId: null);
        Nonces = new DpopNonces(Clock);
        Verifier = new DpopVerifier(replays ?? new MemoryReplayCache(Clock), Nonces, Clock);
        Key = new BoundKey(_client.Key.Thumbprint);
    }

    public TestClock Clock { get; } = new();

    public DpopNonces Nonces { get; }

    public DpopVerifier Verifier { get; }

    public BoundKey Key { get; set; }

    public DpopRules Rules { get; set; } = new(SignatureAlgorithm.Names);

    public string Method { get; set; } = "GET";

    public string RawPath { get; set; } = Path;

    public IReadOnlyList<ExternalUrl> Urls { get; set; } = [new ExternalUrl(new Uri("https://gateway.example"))];

    public string TokenHash { get; set; } = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";

    public TestIssuer Client => _client;

    public JsonObject Header() => new() { ["typ"] = "dpop+jwt", ["alg"] = _client.Algorithm, ["jwk"] = _client.Jwk };

    public JsonObject Claims() => new()
    {
        ["jti"] = $"proof-{Interlocked.Increment(ref _count)}",
        ["htm"] = "GET",
        ["htu"] = Target,
        ["iat"] = Clock.GetUtcNow().ToUnixTimeSeconds(),
        ["ath"] = TokenHash,
    };

    /// <summary>A proof that is right except for what the test changes.</summary>
    public string Proof(Action<JsonObject>? claims = null, Action<JsonObject>? header = null)
    {
        var proofHeader = Header();
        var proofClaims = Claims();
        header?.Invoke(proofHeader);
        claims?.Invoke(proofClaims);
        return _client.Sign(proofHeader.ToJsonString(), proofClaims.ToJsonString());
    }

    public ValueTask<DpopResult> VerifyAsync(string proof) => Verifier.VerifyAsync(
        new DpopRequest { Proof = proof, Method = Method, Path = RawPath, Urls = Urls, TokenHash = TokenHash, Key = Key },
        Rules,
        CancellationToken.None);

    /// <summary>As the other, which does not wait for anything.</summary>
    public DpopResult Verify(string proof)
    {
        var pending = VerifyAsync(proof);
#pragma warning disable VSTHRD002 // It has ended; there is nothing to wait for.
        return pending.IsCompletedSuccessfully ? pending.Result : throw new InvalidOperationException("A proof is verified on the calling thread.");
#pragma warning restore VSTHRD002
    }

    public async Task AcceptAsync(string proof)
    {
        var result = await VerifyAsync(proof);
        Assert.True(result.ProvenKey is not null, $"Refused: {result.Failure}");
        Assert.Equal(Key.Thumbprint, result.ProvenKey);
    }

    public async Task RefuseAsync(string proof, IdentityFailure expected)
    {
        var result = await VerifyAsync(proof);
        Assert.Null(result.ProvenKey);
        Assert.Equal(expected, result.Failure);
    }

    public static string Encode(string text) => Base64UrlText.Encode(System.Text.Encoding.UTF8.GetBytes(text));
}
