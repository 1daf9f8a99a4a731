using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Keys;

namespace Gateway.Benchmarks.Identity;

/// <summary>One DPoP proof, ES256, beside what the platform takes for its signature alone.</summary>
[MemoryDiagnoser]
[Config(typeof(Settings))]
public class DpopBenchmark
{
    private const string TokenHash = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";

    private static readonly TimeProvider Clock = new FixedClock();
    private static readonly ExternalUrl[] Urls = [new(new Uri("https://gateway.example"))];

    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly MemoryReplayCache _replays = new(Clock, 20_000_000);
    private readonly DpopRules _rules = new(SignatureAlgorithm.Names);
    private readonly DpopVerifier _verifier = new(new Trusting(), new DpopNonces(Clock), Clock);
    private BoundKey _key = new("");
    private string _thumbprint = "";
    private string _proof = "";
    private byte[] _signed = [];
    private byte[] _signature = [];
    private UInt128 _next;

    [GlobalSetup]
    public void SetUp()
    {
        var point = _ecdsa.ExportParameters(includePrivateParameters: false).Q;
        var jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        _thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(jwk)));
        _key = new BoundKey(_thumbprint);
        var header = $$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{jwk}}}""";
        var claims = JsonSerializer.SerializeToUtf8Bytes(new
        {
            jti = "-BwC3ESc6acc2lTc",
            htm = "POST",
            htu = "https://gateway.example/github/repos/acme/site/issues",
            iat = Clock.GetUtcNow().ToUnixTimeSeconds(),
            ath = TokenHash,
        });
        var signed = $"{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header))}.{Base64Url.EncodeToString(claims)}";
        _signed = Encoding.ASCII.GetBytes(signed);
        _signature = _ecdsa.SignData(_signed, HashAlgorithmName.SHA256);
        _proof = $"{signed}.{Base64Url.EncodeToString(_signature)}";
        if (!Verify())
        {
            throw new InvalidOperationException("The proof must be good, else this measures something else.");
        }
    }

    /// <summary>The platform's part, which nothing can save.</summary>
    [Benchmark(Baseline = true)]
    public bool SignatureAlone() => _ecdsa.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Every check, the second and later proofs of a token.</summary>
    [Benchmark]
    public bool Verify() => Verify(_key);

    /// <summary>Every check, a token's first proof: its key is read and imported.</summary>
    [Benchmark]
    public bool VerifyFirst() => Verify(new BoundKey(_thumbprint));

    /// <summary>What the replay cache adds.</summary>
    [Benchmark]
    public bool Remember()
    {
        var pending = _replays.UseAsync(++_next, DateTimeOffset.UnixEpoch.AddMinutes(1), CancellationToken.None);
        return pending.IsCompletedSuccessfully;
    }

    private bool Verify(BoundKey key)
    {
        var pending = _verifier.VerifyAsync(
            new DpopRequest
            {
                Proof = _proof,
                Method = "POST",
                Path = "/github/repos/acme/site/issues",
                Urls = Urls,
                TokenHash = TokenHash,
                Key = key,
            },
            _rules,
            CancellationToken.None);
#pragma warning disable VSTHRD002 // It has ended; there is nothing to wait for.
        return pending.IsCompletedSuccessfully && pending.Result.ProvenKey is not null;
#pragma warning restore VSTHRD002
    }

    private sealed class Trusting : IReplayCache
    {
        public ValueTask<ReplayCheck> UseAsync(UInt128 proof, DateTimeOffset until, CancellationToken cancellationToken) => new(ReplayCheck.FirstUse);
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }

    private sealed class Settings : ManualConfig
    {
        public Settings() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(15));
    }
}
