using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Spiffe;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.Spiffe;
using Gateway.Integrations.Tests.Oidc;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Spiffe;

/// <summary>Both profiles against real servers, with a bundle of its own for each trust domain.</summary>
public sealed class BundleEndpointTests : IDisposable
{
    private const string ServerId = "spiffe://example.org/spire/server";

    private readonly TestAuthority _root = TestAuthority.Root(now: DateTimeOffset.UtcNow);
    private readonly TestAuthority _other = TestAuthority.Root("other.example", DateTimeOffset.UtcNow);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-bundles-");
    private readonly TrustDomainCatalog _catalog = new(TimeProvider.System, NullLoggerFactory.Instance);

    public void Dispose()
    {
        _catalog.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Spiffe_ServerWithTheConfiguredId_IsBelievedAndItsBundleReplacesTheFile()
    {
        await using var server = await BundleEndpointServer.StartAsync(_root.Issue(ServerId));
        server.Publish(TestBundle.Json(_root, _other));

        var domain = Apply(Bootstrapped(server, ServerId));

        await Eventually.HoldsAsync(() => domain.Bundles.Current?.Bundle.Authorities.Count == 2, "the endpoint's bundle arrived");
        Assert.Equal(IssuerState.Ok, Assert.Single(_catalog.Status).State);
    }

    [Fact]
    public async Task Spiffe_ServerBehindAnIntermediate_IsBelieved()
    {
        var intermediate = _root.Intermediate();
        await using var server = await BundleEndpointServer.StartAsync(intermediate.Issue(ServerId), intermediate.Certificate);
        server.Publish(TestBundle.Json(_root, _other));

        var domain = Apply(Bootstrapped(server, ServerId));

        await Eventually.HoldsAsync(() => domain.Bundles.Current?.Bundle.Authorities.Count == 2, "the endpoint's bundle arrived");
    }

    [Theory]
    [InlineData("spiffe://example.org/spire/other", false)]
    [InlineData("spiffe://example.org/spire/server/x", false)]
    [InlineData(ServerId, true)]
    public async Task Spiffe_ServerWithAnotherIdOrAuthority_IsNotBelieved(string id, bool stranger)
    {
        await using var server = await BundleEndpointServer.StartAsync((stranger ? _other : _root).Issue(id));
        server.Publish(TestBundle.Json(_root, _other));

        var domain = Apply(Bootstrapped(server, ServerId));

        await Eventually.HoldsAsync(() => _catalog.Status[0].LastError is not null, "the endpoint was refused");
        Assert.Contains("TLS", _catalog.Status[0].LastError, StringComparison.Ordinal);
        Assert.Equal(IssuerState.Degraded, _catalog.Status[0].State);
        Assert.Single(domain.Bundles.Current!.Bundle.Authorities);
    }

    /// <summary>The profile allows a server of another trust domain; then that one's bundle vouches, and only for the server.</summary>
    [Fact]
    public async Task Spiffe_ServerOfAnotherTrustDomain_IsBelievedByThatOnesBundle()
    {
        await using var server = await BundleEndpointServer.StartAsync(_other.Issue("spiffe://other.example/spire"));
        server.Publish(TestBundle.Json(_root));
        var set = _catalog.Apply(
        [
            TestBundleSource.Definition("other.example") with { BundleFile = Write("other.json", TestBundle.Json(_other)) },
            TestBundleSource.Definition() with { BundleFile = null, Endpoint = new BundleEndpoint(server.Url, Id("spiffe://other.example/spire"), null) },
        ]);
        Assert.True(set.TryGet("example.org", out var domain));

        await Eventually.HoldsAsync(() => domain.Bundles.Current is not null, "the endpoint's bundle arrived");
        Assert.Equal(_root.Certificate.RawData, Assert.Single(domain.Bundles.Current!.Bundle.Authorities).RawData);
    }

    [Fact]
    public async Task Web_ServerThatTheCaFileVouchesFor_IsBelieved()
    {
        await using var server = await BundleEndpointServer.StartAsync(WebCertificate("localhost"));
        server.Publish(TestBundle.Json(_root));

        var domain = Apply(Web(server));

        await Eventually.HoldsAsync(() => domain.Bundles.Current is not null, "the endpoint's bundle arrived");
    }

    [Theory]
    [InlineData("elsewhere.example", true)]
    [InlineData("localhost", false)]
    public async Task Web_OtherHostNameOrAuthority_IsNotBelieved(string host, bool withCaFile)
    {
        await using var server = await BundleEndpointServer.StartAsync(WebCertificate(host));
        server.Publish(TestBundle.Json(_root));
        var definition = Web(server);

        var domain = Apply(withCaFile ? definition : definition with { Endpoint = definition.Endpoint! with { CaFile = null } });

        await AssertRefusedAsync(domain, "TLS");
    }

    [Fact]
    public async Task Web_Redirect_IsNotFollowed()
    {
        await using var server = await BundleEndpointServer.StartAsync(WebCertificate("localhost"));
        server.Answer = context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };

        await AssertRefusedAsync(Apply(Web(server)), "status 302");
    }

    [Fact]
    public async Task Web_AnswerBeyondTheLimit_IsNotRead()
    {
        await using var server = await BundleEndpointServer.StartAsync(WebCertificate("localhost"));
        server.Publish(new string(' ', (1024 * 1024) + 1) + TestBundle.Json(_root));

        await AssertRefusedAsync(Apply(Web(server)), "larger");
    }

    [Fact]
    public async Task File_Replaced_IsReadWithinSeconds()
    {
        var domain = Apply(TestBundleSource.Definition() with { BundleFile = Write("bundle.json", TestBundle.Json(_root)) });
        await Eventually.HoldsAsync(() => domain.Bundles.Current is not null, "the file was read");

        Write("bundle.json", TestBundle.Json(_root, _other));

        await Eventually.HoldsAsync(() => domain.Bundles.Current!.Bundle.Authorities.Count == 2, "the change was seen");
    }

    [Fact]
    public async Task Apply_UnchangedDefinition_KeepsTheInstanceAndItsBundle()
    {
        var definition = TestBundleSource.Definition() with { BundleFile = Write("bundle.json", TestBundle.Json(_root)) };
        var first = Apply(definition);
        await Eventually.HoldsAsync(() => first.Bundles.Current is not null, "the file was read");

        Assert.Same(first, Apply(definition with { Audiences = ["gateway"] }));
        var changed = Apply(definition with { Audiences = ["other"] });
        Assert.NotSame(first, changed);
        Assert.Same(first.Bundles, changed.Bundles);
    }

    private static SpiffeId Id(string text)
    {
        Assert.True(SpiffeId.TryParse(text, out var id));
        return id;
    }

    private static async Task RefusedAsync(TrustDomainCatalog catalog) => await Eventually.HoldsAsync(() => catalog.Status[0].LastError is not null, "the endpoint was refused");

    private async Task AssertRefusedAsync(TrustDomain domain, string word)
    {
        await RefusedAsync(_catalog);
        Assert.Contains(word, _catalog.Status[0].LastError, StringComparison.Ordinal);
        Assert.Equal(IssuerState.Down, _catalog.Status[0].State);
        Assert.Null(domain.Bundles.Current);
    }

    private TrustDomain Apply(TrustDomainDefinition definition)
    {
        Assert.True(_catalog.Apply([definition]).TryGet("example.org", out var domain));
        return domain;
    }

    private TrustDomainDefinition Bootstrapped(BundleEndpointServer server, string id) => TestBundleSource.Definition() with
    {
        BundleFile = Write("bootstrap.json", TestBundle.Json(_root)),
        Endpoint = new BundleEndpoint(server.Url, Id(id), null),
    };

    private TrustDomainDefinition Web(BundleEndpointServer server) => TestBundleSource.Definition() with
    {
        BundleFile = null,
        Endpoint = new BundleEndpoint(server.Url, null, Write("ca.pem", _other.Certificate.ExportCertificatePem())),
    };

    private X509Certificate2 WebCertificate(string host) => _other.Issue(change: c =>
    {
        c.Uris.Clear();
        c.DnsNames.Add(host);
    });

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
