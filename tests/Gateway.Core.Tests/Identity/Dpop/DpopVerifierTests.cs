using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity.Dpop;

/// <summary>RFC 9449, section 4.3, check by check.</summary>
public sealed class DpopVerifierTests
{
    private readonly DpopScene _scene = new();

    public static TheoryData<string> Algorithms => [.. SignatureAlgorithm.Names];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Verify_GoodProofs_ProveTheKey(string algorithm)
    {
        var scene = new DpopScene(algorithm);
        await scene.AcceptAsync(scene.Proof());
        await scene.AcceptAsync(scene.Proof());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    public async Task Verify_NoCompactJws_IsRefused(string proof) => await _scene.RefuseAsync(proof, IdentityFailure.ProofMalformed);

    [Fact]
    public async Task Verify_TwoProofsInOneValue_AreRefused()
    {
        await _scene.RefuseAsync($"{_scene.Proof()}, {_scene.Proof()}", IdentityFailure.ProofMalformed);
        await _scene.RefuseAsync($" {_scene.Proof()}", IdentityFailure.ProofMalformed);
        await _scene.RefuseAsync($"{_scene.Proof()}=", IdentityFailure.ProofMalformed);
    }

    [Fact]
    public async Task Verify_LongerThanTheLimit_IsRefused()
    {
        await _scene.RefuseAsync(_scene.Proof(claims => claims["more"] = new string('x', DpopVerifier.MaxLength)), IdentityFailure.ProofTooLarge);
        await _scene.AcceptAsync(_scene.Proof(claims => claims["more"] = new string('x', DpopVerifier.MaxLength / 2)));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("dpop")]
    [InlineData("application/dpop+jwt")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Verify_OtherType_IsRefused(string? type) =>
        await _scene.RefuseAsync(_scene.Proof(header: header => header["typ"] = type), IdentityFailure.ProofTypeNotAllowed);

    [Fact]
    public async Task Verify_WithoutType_IsRefused() =>
        await _scene.RefuseAsync(_scene.Proof(header: header => header.Remove("typ")), IdentityFailure.ProofTypeNotAllowed);

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("es256")]
    [InlineData("EdDSA")]
    public async Task Verify_AlgorithmThatIsNotAsymmetricAndKnown_IsRefused(string algorithm) =>
        await _scene.RefuseAsync(_scene.Proof(header: header => header["alg"] = algorithm), IdentityFailure.ProofAlgorithmNotAllowed);

    [Fact]
    public async Task Verify_AlgorithmThatIsNotConfigured_IsRefusedEvenIfItWasBefore()
    {
        await _scene.AcceptAsync(_scene.Proof());
        _scene.Rules = new DpopRules(["ES384"]);
        await _scene.RefuseAsync(_scene.Proof(), IdentityFailure.ProofAlgorithmNotAllowed);
    }

    [Theory]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("b64", "false")]
    [InlineData("jku", "\"https://attacker.example\"")]
    [InlineData("x5c", "[]")]
    [InlineData("x5u", "\"https://attacker.example\"")]
    [InlineData("zip", "\"DEF\"")]
    [InlineData("cty", "\"JWT\"")]
    public async Task Verify_HeaderParameterThatIsNotKnownToBeHarmless_IsRefused(string name, string json) =>
        await _scene.RefuseAsync(_scene.Proof(header: header => header[name] = JsonNode.Parse(json)), IdentityFailure.ProofHeaderNotAllowed);

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public async Task Verify_KeyWithAPrivateMember_IsRefused(string member) =>
        await _scene.RefuseAsync(_scene.Proof(header: header => header["jwk"]![member] = "AQAB"), IdentityFailure.ProofKeyUnusable);

    [Theory]
    [InlineData("null")]
    [InlineData("\"key\"")]
    [InlineData("{}")]
    [InlineData("""{"kty":"oct","k":"AQAB"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}""")]
    public async Task Verify_NoUsableKey_IsRefused(string json) =>
        await _scene.RefuseAsync(_scene.Proof(header: header => header["jwk"] = JsonNode.Parse(json)), IdentityFailure.ProofKeyUnusable);

    [Fact]
    public async Task Verify_KeyOfAnotherKindThanTheAlgorithm_IsRefused() =>
        await _scene.RefuseAsync(_scene.Proof(header: header => header["jwk"] = new TestIssuer("RS256", keyId: null).Jwk), IdentityFailure.ProofKeyUnusable);

    [Fact]
    public async Task Verify_SoundProofOfAnotherKey_IsRefused()
    {
        var thief = new DpopScene { TokenHash = _scene.TokenHash };
        await _scene.RefuseAsync(thief.Proof(), IdentityFailure.ProofKeyMismatch);
        await _scene.AcceptAsync(_scene.Proof());
        await _scene.RefuseAsync(thief.Proof(), IdentityFailure.ProofKeyMismatch);
    }

    [Fact]
    public async Task Verify_OwnKeyInTheHeaderUnderAForeignSignature_IsRefused()
    {
        var thief = new TestIssuer(keyId: null);
        await _scene.RefuseAsync(thief.Sign(_scene.Header().ToJsonString(), _scene.Claims().ToJsonString()), IdentityFailure.ProofSignatureInvalid);

        // Also once the key is known.
        await _scene.AcceptAsync(_scene.Proof());
        await _scene.RefuseAsync(thief.Sign(_scene.Header().ToJsonString(), _scene.Claims().ToJsonString()), IdentityFailure.ProofSignatureInvalid);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("get")]
    [InlineData("GET ")]
    [InlineData("")]
    public async Task Verify_OtherMethod_IsRefused(string method) =>
        await _scene.RefuseAsync(_scene.Proof(claims => claims["htm"] = method), IdentityFailure.ProofMethodMismatch);

    [Theory]
    [InlineData("https://gateway.example/tool/items/2")]
    [InlineData("https://gateway.example/tool/items/1/")]
    [InlineData("https://gateway.example/Tool/items/1")]
    [InlineData("http://gateway.example/tool/items/1")]
    [InlineData("https://elsewhere.example/tool/items/1")]
    [InlineData("/tool/items/1")]
    [InlineData("")]
    public async Task Verify_OtherTarget_IsRefused(string target) =>
        await _scene.RefuseAsync(_scene.Proof(claims => claims["htu"] = target), IdentityFailure.ProofTargetMismatch);

    [Fact]
    public async Task Verify_NobodyKnowsTheExternalUrls_IsRefused()
    {
        _scene.Urls = [];
        await _scene.RefuseAsync(_scene.Proof(), IdentityFailure.ProofTargetUnknown);
    }

    [Fact]
    public async Task Verify_OneOfSeveralExternalUrls_IsAccepted()
    {
        _scene.Urls = [new ExternalUrl(new Uri("http://10.0.0.1:8080")), new ExternalUrl(new Uri("https://gateway.example"))];
        await _scene.AcceptAsync(_scene.Proof());
    }

    [Theory]
    [InlineData(-30, null)]
    [InlineData(-31, IdentityFailure.ProofExpired)]
    [InlineData(30, null)]
    [InlineData(31, IdentityFailure.ProofNotYetValid)]
    internal async Task Verify_ClockThatIsOff_IsForgivenUpToThirtySeconds(int seconds, IdentityFailure? failure)
    {
        var proof = _scene.Proof(claims => claims["iat"] = TestClock.Start.ToUnixTimeSeconds() + seconds);
        await (failure is { } expected ? _scene.RefuseAsync(proof, expected) : _scene.AcceptAsync(proof));
    }

    [Fact]
    public async Task Verify_ConfiguredTimes_Count()
    {
        _scene.Rules = new DpopRules(SignatureAlgorithm.Names) { ProofLifetime = TimeSpan.FromMinutes(2), ClockSkew = TimeSpan.Zero };
        await _scene.AcceptAsync(_scene.Proof(claims => claims["iat"] = TestClock.Start.ToUnixTimeSeconds() - 120));
        await _scene.RefuseAsync(_scene.Proof(claims => claims["iat"] = TestClock.Start.ToUnixTimeSeconds() - 121), IdentityFailure.ProofExpired);
        await _scene.RefuseAsync(_scene.Proof(claims => claims["iat"] = TestClock.Start.ToUnixTimeSeconds() + 1), IdentityFailure.ProofNotYetValid);
    }

    [Fact]
    public async Task Verify_ProofForAnotherToken_IsRefused()
    {
        await _scene.RefuseAsync(_scene.Proof(claims => claims["ath"] = "AAAAO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"), IdentityFailure.ProofTokenMismatch);
        await _scene.RefuseAsync(_scene.Proof(claims => claims.Remove("ath")), IdentityFailure.ProofTokenMismatch);
    }

    [Theory]
    [InlineData("jti")]
    [InlineData("htm")]
    [InlineData("htu")]
    [InlineData("iat")]
    public async Task Verify_MissingOrMistypedClaim_IsRefused(string name)
    {
        await _scene.RefuseAsync(_scene.Proof(claims => claims.Remove(name)), IdentityFailure.ProofMalformed);
        await _scene.RefuseAsync(_scene.Proof(claims => claims[name] = null), IdentityFailure.ProofMalformed);
        await _scene.RefuseAsync(_scene.Proof(claims => claims[name] = true), IdentityFailure.ProofMalformed);
        await _scene.RefuseAsync(_scene.Proof(claims => claims[name] = new JsonArray("a")), IdentityFailure.ProofMalformed);
    }

    [Theory]
    [InlineData("""{"jti":"a","jti":"b",REST}""")]
    [InlineData("""{"jti":"a","\u006ati":"b",REST}""")]
    [InlineData("""{"jti":"","x":1,REST}""")]
    [InlineData("""{"jti":"a",REST} """ + "x")]
    [InlineData("""{"jti":"a",REST,}""")]
    [InlineData("""{"jti":"\ud800",REST}""")]
    [InlineData("""{"jti":"a",/**/REST}""")]
    [InlineData("""["jti"]""")]
    [InlineData("")]
    public async Task Verify_ClaimsThatTwoReadersCouldReadDifferently_AreRefused(string json)
    {
        var rest = $"\"htm\":\"GET\",\"htu\":\"{DpopScene.Target}\",\"iat\":{TestClock.Start.ToUnixTimeSeconds()},\"ath\":\"{_scene.TokenHash}\"";
        await _scene.AcceptAsync(_scene.Client.Sign(_scene.Header().ToJsonString(), $"{{\"jti\":\"a\",{rest}}}"));
        await _scene.RefuseAsync(_scene.Client.Sign(_scene.Header().ToJsonString(), json.Replace("REST", rest, StringComparison.Ordinal)), IdentityFailure.ProofMalformed);
    }

    [Fact]
    public async Task Verify_OtherClaimsAndEscapedOnes_AreNoMatter()
    {
        await _scene.AcceptAsync(_scene.Proof(claims => claims["more"] = JsonNode.Parse("""{"a":[1,{"jti":"x"}]}""")));
        await _scene.AcceptAsync(_scene.Client.Sign(
            _scene.Header().ToJsonString(),
            $$"""{"\u006ati":"\u0061b","htm":"\u0047ET","htu":"{{DpopScene.Target.Replace("/", "\\/", StringComparison.Ordinal)}}","iat":{{TestClock.Start.ToUnixTimeSeconds()}}.75,"ath":"{{_scene.TokenHash}}"}"""));
    }

    [Fact]
    public async Task Verify_ProofAgain_IsAReplayUntilItHasExpired()
    {
        var proof = _scene.Proof();
        await _scene.AcceptAsync(proof);
        await _scene.RefuseAsync(proof, IdentityFailure.ProofReplayed);
        _scene.Clock.Advance(TimeSpan.FromSeconds(30));
        await _scene.RefuseAsync(proof, IdentityFailure.ProofReplayed);
        _scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await _scene.RefuseAsync(proof, IdentityFailure.ProofExpired);
    }

    [Fact]
    public async Task Verify_IdentifierAgainInAnotherProof_IsAReplay()
    {
        await _scene.AcceptAsync(_scene.Proof(claims => claims["jti"] = "same"));
        _scene.Clock.Advance(TimeSpan.FromSeconds(5));
        await _scene.RefuseAsync(_scene.Proof(claims => claims["jti"] = "same"), IdentityFailure.ProofReplayed);
    }

    [Fact]
    public async Task Verify_IdentifierThatAnotherKeyHasUsed_IsAccepted()
    {
        var other = new DpopScene();
        var replays = new MemoryReplayCache(_scene.Clock);
        foreach (var scene in new[] { _scene, other })
        {
            var verifier = new DpopVerifier(replays, scene.Nonces, scene.Clock);
            var proof = scene.Proof(claims => claims["jti"] = "same");
            var result = await verifier.VerifyAsync(
                new DpopRequest { Proof = proof, Method = "GET", Path = scene.RawPath, Urls = scene.Urls, TokenHash = scene.TokenHash, Key = scene.Key },
                scene.Rules,
                TestContext.Current.CancellationToken);
            Assert.NotNull(result.ProvenKey);
        }
    }

    [Fact]
    public async Task Verify_ProofThatFailed_IsNotUsedUp()
    {
        var proof = _scene.Proof();
        _scene.Method = "POST";
        await _scene.RefuseAsync(proof, IdentityFailure.ProofMethodMismatch);
        _scene.Method = "GET";
        await _scene.AcceptAsync(proof);
    }

    [Fact]
    public async Task Verify_OneProofSixtyFourTimesAtOnce_IsAcceptedOnce()
    {
        var proof = _scene.Proof();
        using var start = new Barrier(8);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return Enumerable.Range(0, 8).Select(_ => _scene.Verify(proof)).ToArray();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Single(results.SelectMany(r => r), r => r.ProvenKey is not null);
        Assert.Equal(63, results.SelectMany(r => r).Count(r => r.Failure == IdentityFailure.ProofReplayed));
    }

    [Fact]
    public async Task Verify_NobodyCanTellWhetherItWasUsed_IsRefused()
    {
        var scene = new DpopScene(replays: new ForgetfulCache());
        await scene.RefuseAsync(scene.Proof(), IdentityFailure.ReplayUnknown);
    }

    [Fact]
    public async Task Verify_NonceRequired_OnlyAFreshOneOfOursPasses()
    {
        _scene.Rules = new DpopRules(SignatureAlgorithm.Names) { NonceRequired = true };
        await _scene.RefuseAsync(_scene.Proof(), IdentityFailure.ProofNonceMissing);
        await _scene.RefuseAsync(_scene.Proof(claims => claims["nonce"] = "eyJ7S_zG.eyJH0-Z.HX4w-7v"), IdentityFailure.ProofNonceInvalid);
        await _scene.RefuseAsync(_scene.Proof(claims => claims["nonce"] = new DpopNonces(_scene.Clock).Current), IdentityFailure.ProofNonceInvalid);

        var nonce = _scene.Nonces.Current;
        await _scene.AcceptAsync(_scene.Proof(claims => claims["nonce"] = nonce));
        _scene.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotEqual(nonce, _scene.Nonces.Current);
        await _scene.AcceptAsync(_scene.Proof(claims => claims["nonce"] = nonce));
        _scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await _scene.RefuseAsync(_scene.Proof(claims => claims["nonce"] = nonce), IdentityFailure.ProofNonceInvalid);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task Verify_KeyThatIsKnown_AllocatesWhatThePlatformDoesAndNothingElse(string algorithm)
    {
        var scene = new DpopScene(algorithm, new TrustingCache());
        var proof = scene.Proof();
        await scene.AcceptAsync(proof);
        var parts = proof.Split('.');
        var signed = System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        Assert.True(Core.Identity.Jwt.Base64UrlText.TryDecode(parts[2], out var signature));
        Assert.True(SignatureAlgorithm.TryGet(algorithm, out var known));
        var key = scene.Client.Key;

        var platform = Allocated(() => key.Verify(known, signed, signature));
        var whole = Allocated(() => scene.Verify(proof).ProvenKey is not null);

        Assert.InRange(whole - platform, 0, 16);
    }

    /// <returns>Bytes for each call.</returns>
    private static long Allocated(Func<bool> call)
    {
        const int Calls = 200;
        for (var i = 0; i < Calls; i++)
        {
            Assert.True(call());
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private sealed class ForgetfulCache : IReplayCache
    {
        public ValueTask<ReplayCheck> UseAsync(UInt128 proof, DateTimeOffset until, CancellationToken cancellationToken) => default;
    }

    private sealed class TrustingCache : IReplayCache
    {
        public ValueTask<ReplayCheck> UseAsync(UInt128 proof, DateTimeOffset until, CancellationToken cancellationToken) => new(ReplayCheck.FirstUse);
    }
}
