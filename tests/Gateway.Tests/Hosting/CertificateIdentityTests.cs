using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Tests.Identity;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Tests.Hosting;

/// <summary>X.509-SVIDs over real TLS.</summary>
public sealed class CertificateIdentityTests : IAsyncLifetime
{
    private TrustDomainScene _scene = null!;

    /// <summary>What is wrong with the certificate, and a word of the record that names the failed check.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "expired", "expired" },
        { "not yet valid", "not yet valid" },
        { "trust domain that is not configured", "trust domain is not configured" },
        { "another trust domain's authority", "no authority in its trust domain's bundle" },
        { "two URIs", "exactly one URI" },
        { "no path", "exactly one URI" },
        { "authority", "constraints or key usages" },
        { "no digitalSignature", "constraints or key usages" },
        { "self-signed", "no authority in its trust domain's bundle" },
        { "no SVID", "exactly one URI" },
        { "intermediate not sent", "no authority in its trust domain's bundle" },
        { "name constraint", "breaks a constraint" },
    };

    public async ValueTask InitializeAsync() => _scene = await TrustDomainScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Call_WithAnSvid_IsTheAgents(string version)
    {
        using var client = _scene.Client(_scene.Authority.Issue());

        var logged = await _scene.AssertServedAsync(client, version: version);

        var text = logged.GetRawText();
        Assert.Contains("x509-svid", text, StringComparison.Ordinal);
        Assert.Contains("sha256:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spiffe://example.org")]
    [InlineData("spiffe://example.org/agent/*")]
    public async Task Suspend_TrustDomainOrPrefix_StopsItsWorkloadsHoweverTheyCall(string pattern)
    {
        using var client = _scene.Client(_scene.Authority.Issue());
        using var other = _scene.Client(null);
        await _scene.AssertServedAsync(client);

        await _scene.SuspendAsync(pattern);

        using var withCertificate = await TrustDomainScene.GetAsync(client);
        using var withToken = await TrustDomainScene.GetAsync(other, _scene.Token());
        foreach (var refused in new[] { withCertificate, withToken })
        {
            await Problem.AssertAsync(refused, HttpStatusCode.Forbidden, "agent_suspended", TestContext.Current.CancellationToken);
        }

        await _scene.AssertServedAsync(other, WorkloadIssuer.AgentId(), _scene.Issuer.Token());
        Assert.Equal(2, _scene.Upstream.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Call_WithAWrongCertificate_Is401AndTheRecordNamesTheCheck(string fault, string check)
    {
        var (certificate, sent) = Certificate(fault);
        using var client = _scene.Client(certificate, sent);

        // Twice, since the second call meets what the first has found out.
        await _scene.AssertRefusedAsync(client, "identity_invalid", check);
        await _scene.AssertRefusedAsync(client, "identity_invalid", check);
    }

    /// <summary>A resumed session would know the certificate and not its intermediates.</summary>
    [Fact]
    public async Task Call_WithIntermediatesOnManyConnections_IsTheAgentsOnEach()
    {
        var upper = _scene.Authority.Intermediate();
        var lower = upper.Intermediate();
        var certificate = lower.Issue();
        for (var i = 0; i < 5; i++)
        {
            using var client = _scene.Client(certificate, lower.Certificate, upper.Certificate);
            await _scene.AssertServedAsync(client);
        }
    }

    [Fact]
    public async Task Call_WithoutCertificateWhereOneIsAccepted_IsMissingIdentity()
    {
        using var client = _scene.Client(null);

        await _scene.AssertRefusedAsync(client, "identity_missing", "token");
    }

    [Fact]
    public async Task Call_WithoutCertificateWhereOneIsRequired_FailsInTheHandshake()
    {
        await using var scene = await TrustDomainScene.StartAsync("Require");
        using var without = scene.Client(null);
        using var with = scene.Client(scene.Authority.Issue());

        await Assert.ThrowsAsync<HttpRequestException>(() => TrustDomainScene.GetAsync(without));
        await scene.AssertServedAsync(with);
    }

    [Fact]
    public async Task Call_ListenerThatDoesNotAsk_KnowsNoCertificate()
    {
        await using var scene = await TrustDomainScene.StartAsync("None");
        using var client = scene.Client(scene.Authority.Issue());

        await scene.AssertRefusedAsync(client, "identity_missing", "token");
    }

    [Fact]
    public async Task Call_TokenAndCertificateOfOneAgent_IsServedByTheToken()
    {
        using var client = _scene.Client(_scene.Authority.Issue());

        var logged = await _scene.AssertServedAsync(client, token: _scene.Token());

        Assert.Contains("jwt-svid", logged.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_TokenAndCertificateOfDifferentAgents_IsRefused()
    {
        using var client = _scene.Client(_scene.Authority.Issue("spiffe://example.org/agent/other"));

        await _scene.AssertRefusedAsync(client, "identity_invalid", "different agents", _scene.Token());
        await _scene.AssertRefusedAsync(client, "identity_invalid", "different agents", _scene.Issuer.Token());
    }

    [Fact]
    public async Task Call_FailingTokenBesideAGoodCertificate_IsRefused()
    {
        using var client = _scene.Client(_scene.Authority.Issue());

        await _scene.AssertRefusedAsync(client, "identity_invalid", "aud", _scene.Issuer.TokenWith("aud", "elsewhere"));
    }

    [Theory]
    [InlineData("no SVID")]
    [InlineData("self-signed")]
    [InlineData("expired")]
    public async Task Call_TokenBesideACertificateThatVerifiesNobody_IsServed(string fault)
    {
        var (certificate, sent) = Certificate(fault);
        using var client = _scene.Client(certificate, sent);

        await _scene.AssertServedAsync(client, WorkloadIssuer.AgentId(), _scene.Issuer.Token());
    }

    [Fact]
    public async Task Call_WithAJwtSvid_IsTheAgents()
    {
        using var client = _scene.Client(null);

        var logged = await _scene.AssertServedAsync(client, token: _scene.Token());

        Assert.Contains("jwt-svid", logged.GetRawText(), StringComparison.Ordinal);
        await _scene.AssertRefusedAsync(client, "identity_invalid", "key", _scene.Token("spiffe://other.example/agent"));
    }

    /// <summary>Callers with the old and with the new authority's certificates, on connections that outlive the rotation.</summary>
    [Fact]
    public async Task Call_AcrossABundleRotation_IsNeverRefusedWronglyAndTheOldOneIsAfterwards()
    {
        const int Calls = 10_000;
        var next = TestAuthority.Root(now: DateTimeOffset.UtcNow);
        using var old = _scene.Client(_scene.Authority.Issue());
        using var @new = _scene.Client(next.Issue());
        var served = 0;
        var refused = 0;
        await RunAsync(old, Calls / 4);

        _scene.WriteBundle(_scene.Authority, next);
        await RunAsync(old, Calls / 4);
        await Eventually.TrueAsync(async () => await StatusAsync(@new) == HttpStatusCode.OK, () => "The new authority was never trusted.", TestContext.Current.CancellationToken);
        await Task.WhenAll(RunAsync(old, Calls / 8), RunAsync(@new, Calls / 8));

        _scene.WriteBundle(next);
        await RunAsync(@new, Calls / 4);
        await Eventually.TrueAsync(async () => await StatusAsync(old) == HttpStatusCode.Unauthorized, () => "The old authority was trusted for ever.", TestContext.Current.CancellationToken);

        Assert.Equal((Calls, 0), (served, refused));
        await _scene.AssertRefusedAsync(old, "identity_invalid", "no authority in its trust domain's bundle");
        await _scene.AssertServedAsync(@new);

        async Task RunAsync(HttpClient client, int calls) => await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            var ok = await StatusAsync(client) == HttpStatusCode.OK;
            Interlocked.Increment(ref ok ? ref served : ref refused);
        });

        static async Task<HttpStatusCode> StatusAsync(HttpClient client)
        {
            using var response = await TrustDomainScene.GetAsync(client);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Health_BundleBroken_SaysSoAndTheLastGoodOneServes()
    {
        using var client = _scene.Client(_scene.Authority.Issue());
        var health = _scene.Gateway.Services.GetRequiredService<HealthCheckService>();
        await _scene.AssertServedAsync(client);
        Assert.Equal(HealthStatus.Healthy, await StateAsync());

        await File.WriteAllTextAsync(_scene.Gateway.Folder.Combine("bundle.json"), "{ \"keys\": [", TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => await StateAsync() == HealthStatus.Degraded, () => "Readiness did not notice.", TestContext.Current.CancellationToken);
        await _scene.AssertServedAsync(client);

        async Task<HealthStatus> StateAsync() => (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["trust-domains"].Status;
    }

    private (X509Certificate2 Certificate, X509Certificate2[] Sent) Certificate(string fault)
    {
        var now = DateTimeOffset.UtcNow;
        var authority = _scene.Authority;
        var intermediate = authority.Intermediate();
        var foreign = authority.Intermediate(change: c => c.PermitUrisOf("other.example"));
        return fault switch
        {
            "expired" => (authority.Issue(change: c => c.NotAfter = now.AddMinutes(-1)), []),
            "not yet valid" => (authority.Issue(change: c => c.NotBefore = now.AddMinutes(5)), []),
            "trust domain that is not configured" => (authority.Issue("spiffe://unknown.example/agent"), []),
            "another trust domain's authority" => (_scene.Other.Issue(), [_scene.Other.Certificate]),
            "two URIs" => (authority.Issue(change: c => c.Uris.Add("spiffe://example.org/agent/admin")), []),
            "no path" => (authority.Issue("spiffe://example.org"), []),
            "authority" => (authority.Issue(change: c => c.IsAuthority = true), []),
            "no digitalSignature" => (authority.Issue(change: c => c.Usages = X509KeyUsageFlags.NonRepudiation), []),
            "self-signed" => (Alone(TrustDomainScene.Agent), []),
            "no SVID" => (Alone(null), []),
            "intermediate not sent" => (intermediate.Issue(), []),
            "name constraint" => (foreign.Issue(), [foreign.Certificate]),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }

    private static X509Certificate2 Alone(string? id)
    {
        var shape = new TestCertificate { Subject = "CN=somebody", NotBefore = DateTimeOffset.UtcNow.AddHours(-1), NotAfter = DateTimeOffset.UtcNow.AddHours(1), Usages = X509KeyUsageFlags.DigitalSignature };
        if (id is not null)
        {
            shape.Uris.Add(id);
        }

        return shape.SelfSigned();
    }
}
