using System.Net;
using System.Net.Sockets;
using Gateway.Core.Identity.Keys;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.Oidc;
using Microsoft.AspNetCore.Http;

namespace Gateway.Integrations.Tests.Oidc;

public sealed class KeySetReaderTests : IAsyncLifetime
{
    // Must never be repeated in what operators read.
    private const string Canary = "c4n4ry";

    private readonly TestClock _clock = new();
    private readonly TestIssuer _issuer = new();
    private readonly IssuerHttpClient _client;
    private TestIssuerServer _server = null!;

    public KeySetReaderTests() => _client = new IssuerHttpClient(_clock);

    public async ValueTask InitializeAsync() => _server = await TestIssuerServer.StartAsync(_issuer);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Discovery_HonestIssuer_GivesItsKeys()
    {
        var key = Assert.Single(await DiscoverAsync(_server.Issuer));
        Assert.Equal(_issuer.Key.Thumbprint, key.Thumbprint);
    }

    [Fact]
    public async Task Uri_HonestIssuer_GivesItsKeys()
    {
        var keys = await new UriKeySetReader(_client, new Uri($"{_server.Issuer}/jwks")).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(_issuer.Key.Thumbprint, Assert.Single(keys).Thumbprint);
    }

    [Theory]
    [InlineData("https://issuer.example", "https://issuer.example/.well-known/openid-configuration")]
    [InlineData("https://issuer.example/", "https://issuer.example/.well-known/openid-configuration")]
    [InlineData("https://issuer.example/tenant", "https://issuer.example/tenant/.well-known/openid-configuration")]
    [InlineData("https://issuer.example/tenant/", "https://issuer.example/tenant/.well-known/openid-configuration")]
    public void DocumentAddress_WithOrWithoutSlash_IsTheWellKnownOne(string issuer, string expected) =>
        Assert.Equal(expected, DiscoveryKeySetReader.DocumentAddress(issuer));

    [Fact]
    public async Task Discovery_IssuerWithTrailingSlash_MustBeNamedWithIt()
    {
        await RefuseAsync("another issuer", $"{_server.Issuer}/");
        _server.Discovery = TestIssuerServer.Text($$"""{"issuer":"{{_server.Issuer}}/","jwks_uri":"{{_server.Issuer}}/jwks"}""");
        Assert.Single(await DiscoverAsync($"{_server.Issuer}/"));
        await RefuseAsync("another issuer", _server.Issuer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>c4n4ry</html>")]
    [InlineData("[\"c4n4ry\"]")]
    [InlineData("{\"c4n4ry\":")]
    public async Task Discovery_Garbage_IsRefused(string body)
    {
        _server.Discovery = TestIssuerServer.Text(body);
        await RefuseAsync("not a JSON object");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(204)]
    public async Task Discovery_OtherStatus_IsRefused(int status)
    {
        _server.Discovery = status == 204 ? Status(status) : TestIssuerServer.Text(Canary, status);
        await RefuseAsync($"status {status}");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Discovery_Redirect_IsNotFollowed(int status)
    {
        _server.Discovery = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"{_server.Issuer}/jwks?{Canary}";
            return Task.CompletedTask;
        };
        await RefuseAsync($"status {status}");
        Assert.Equal(1, _server.Requests);
    }

    [Theory]
    [InlineData("\"https://attacker.example\"")]
    [InlineData("null")]
    [InlineData("7")]
    public async Task Discovery_AnotherIssuer_IsRefused(string issuer)
    {
        _server.Discovery = TestIssuerServer.Text($$"""{"issuer":{{issuer}},"jwks_uri":"{{_server.Issuer}}/jwks"}""");
        await RefuseAsync("another issuer");
    }

    [Fact]
    public async Task Discovery_TwoIssuersInOneDocument_IsRefused()
    {
        _server.Discovery = TestIssuerServer.Text($$"""{"issuer":"x","issuer":"{{_server.Issuer}}","jwks_uri":"{{_server.Issuer}}/jwks"}""");
        await RefuseAsync("not a JSON object");
    }

    [Theory]
    [InlineData("\"http://keys.example/c4n4ry\"")]
    [InlineData("\"/jwks\"")]
    [InlineData("\"file:///etc/c4n4ry\"")]
    [InlineData("\"ftp://127.0.0.1/c4n4ry\"")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Discovery_UntrustworthyKeyAddress_IsRefused(string address)
    {
        _server.Discovery = TestIssuerServer.Text($$"""{"issuer":"{{_server.Issuer}}","jwks_uri":{{address}}}""");
        await RefuseAsync("no jwks_uri");
    }

    [Theory]
    [InlineData("""{"keys":[]}""", "no key")]
    [InlineData("""{"keys":[{"kty":"oct","k":"c4n4ry"}]}""", "no key")]
    [InlineData("""{"keys":"c4n4ry"}""", "not a JWK set")]
    [InlineData("c4n4ry", "not a JWK set")]
    public async Task Discovery_NoUsableKey_IsRefused(string keys, string reason)
    {
        _server.Keys = TestIssuerServer.Text(keys);
        await RefuseAsync(reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Discovery_HugeDocument_IsRefused(bool announced)
    {
        _server.Keys = async context =>
        {
            var chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)' ');
            context.Response.ContentLength = announced ? 100L * chunk.Length : null;
            for (var i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };
        await RefuseAsync("larger than");
    }

    [Fact]
    public async Task Discovery_AnswerThatBreaksOff_IsRefused()
    {
        _server.Keys = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"keys\":[");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        await RefuseAsync("The issuer");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Discovery_SlowAnswer_EndsAfterFiveSeconds(bool headersSent)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Keys = async context =>
        {
            if (headersSent)
            {
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
            }

            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        var reading = DiscoverAsync(_server.Issuer);
        await asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(reading.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Contains("5 seconds", (await Assert.ThrowsAsync<KeyFetchException>(() => reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discovery_NobodyListening_IsRefused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await RefuseAsync("could not be reached", $"http://127.0.0.1:{port}");
    }

    [Theory]
    [InlineData("http://issuer.example")]
    [InlineData("http://127.0.0.1.issuer.example")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("not a url")]
    public async Task Discovery_IssuerWithoutTls_IsNotAsked(string issuer) =>
        Assert.NotNull(await Assert.ThrowsAsync<KeyFetchException>(() => DiscoverAsync(issuer)));

    [Fact]
    public async Task File_KeySet_IsReadEachTime()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("gateway-keys-").FullName, "jwks.json");
        var reader = new FileKeySetReader(path);
        await RefuseFileAsync(reader, "does not exist");

        await File.WriteAllTextAsync(path, TestIssuer.JwkSet(_issuer), TestContext.Current.CancellationToken);
        Assert.Equal(_issuer.Key.Thumbprint, Assert.Single(await reader.ReadAsync(TestContext.Current.CancellationToken)).Thumbprint);

        var next = new TestIssuer();
        await File.WriteAllTextAsync(path, TestIssuer.JwkSet(next), TestContext.Current.CancellationToken);
        Assert.Equal(next.Key.Thumbprint, Assert.Single(await reader.ReadAsync(TestContext.Current.CancellationToken)).Thumbprint);

        await File.WriteAllTextAsync(path, string.Empty, TestContext.Current.CancellationToken);
        await RefuseFileAsync(reader, "not a JWK set");
        await File.WriteAllBytesAsync(path, new byte[KeySetDocument.MaxLength + 1], TestContext.Current.CancellationToken);
        await RefuseFileAsync(reader, "larger than");
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static async Task RefuseFileAsync(FileKeySetReader reader, string reason)
    {
        var exception = await Assert.ThrowsAsync<KeyFetchException>(() => reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<SigningKey>> DiscoverAsync(string issuer) =>
        new DiscoveryKeySetReader(_client, issuer).ReadAsync(TestContext.Current.CancellationToken).AsTask();

    private async Task RefuseAsync(string reason, string? issuer = null)
    {
        var exception = await Assert.ThrowsAsync<KeyFetchException>(() => DiscoverAsync(issuer ?? _server.Issuer));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, exception.ToString(), StringComparison.Ordinal);
    }
}
