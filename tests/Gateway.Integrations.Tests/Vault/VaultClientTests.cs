using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Core.Credentials;
using Gateway.Integrations.Vault;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Integrations.Tests.Vault;

public sealed class VaultClientTests : IDisposable
{
    private static readonly SecretValue Root = new(FakeVault.RootToken);
    private static readonly VaultRequest Issuance = new(HttpMethod.Get, "database/creds/ro", VaultEffect.Issues);
    private static readonly VaultRequest Reading = new(HttpMethod.Get, "database/creds/ro", VaultEffect.Repeatable);

    private readonly List<IDisposable> _owned = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _owned.ForEach(o => o.Dispose());

    [Fact]
    public async Task SendAsync_EveryRequest_IsMarkedAndNamesItsNamespace()
    {
        await using var vault = await FakeVault.StartAsync();

        await Client(s => s with { Namespace = "team/agents" }, vault.Address).SendAsync(Issuance, Root, Stop);
        await Client(vault.Address).SendAsync(Issuance, token: null, Stop);

        Assert.All(vault.Requests, r => Assert.True(r.IsMarked));
        Assert.Equal([("team/agents", "root"), (null, null)], vault.Requests.Select(r => (r.Namespace, r.Token)));
    }

    [Theory]
    [InlineData(412, 3)]
    [InlineData(429, 3)]
    [InlineData(500, 3)]
    [InlineData(503, 3)]
    [InlineData(502, 1)] // a proxy's word: Vault may have done it
    [InlineData(504, 1)]
    [InlineData(501, 1)]
    [InlineData(400, 1)]
    [InlineData(403, 1)]
    [InlineData(404, 1)]
    [InlineData(405, 1)]
    public async Task SendAsync_IssuanceRefused_IsRepeatedOnlyWhereItHelps(int status, int times)
    {
        await using var vault = await FakeVault.StartAsync();
        vault.Refuse = _ => FakeVaultAnswer.Error(status, "canary");

        var answer = await Client(vault.Address).SendAsync(Issuance, Root, Stop);

        Assert.Equal((status, times), (answer.Status, vault.Requests.Count));
        Assert.DoesNotContain("canary", answer.Refuse(Issuance).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(504)]
    public async Task SendAsync_HarmlessRequestFailsOnTheWay_IsRepeated(int status)
    {
        await using var vault = await FakeVault.StartAsync();
        vault.Refuse = _ => vault.Requests.Count < 3 ? FakeVaultAnswer.Error(status) : null;

        Assert.True((await Client(vault.Address).SendAsync(Reading, Root, Stop)).Succeeded);

        Assert.Equal(3, vault.Requests.Count);
    }

    [Theory]
    [InlineData("1", 3)]
    [InlineData("3600", 1)] // calls are waiting: that long is a refusal
    public async Task SendAsync_RetryAfter_IsHonouredWhereItIsShort(string retryAfter, int times)
    {
        await using var vault = await FakeVault.StartAsync();
        vault.RetryAfter = retryAfter;
        vault.Refuse = _ => vault.Requests.Count < 3 ? FakeVaultAnswer.Error(429) : null;

        await Client(vault.Address).SendAsync(Issuance, Root, Stop);

        Assert.Equal(times, vault.Requests.Count);
    }

    [Fact]
    public void Delay_ServerAsksForTime_IsNotShorter()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(VaultRetry.Delay(0, TimeSpan.FromSeconds(2))!.Value, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
            Assert.InRange(VaultRetry.Delay(1, null)!.Value, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750));
        }

        Assert.Null(VaultRetry.Delay(0, TimeSpan.FromSeconds(4)));
        Assert.True(Enumerable.Range(0, 20).Select(_ => VaultRetry.Delay(0, null)).Distinct().Count() > 1);
    }

    [Theory]
    [InlineData(true, true, 1)]
    [InlineData(false, true, 1)]
    [InlineData(true, false, 3)]
    public async Task SendAsync_ConnectionBreaksBeforeTheAnswer_IsNeverAnIssuanceTwice(bool onUsedConnection, bool issues, int times)
    {
        await using var vault = await FakeVault.StartAsync();
        var client = Client(vault.Address);
        if (onUsedConnection)
        {
            await client.SendAsync(Issuance, Root, Stop);
            vault.Requests.Clear();
        }

        vault.BeforeAnswer = (_, context) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<VaultException>(async () => await client.SendAsync(issues ? Issuance : Reading, Root, Stop));

        // SocketsHttpHandler itself would have sent a request without content four times.
        Assert.Equal(times, vault.Requests.Count);
        Assert.True(failure.MayHaveHappened);
    }

    [Fact]
    public async Task SendAsync_NobodyListens_TriesTheOtherServers()
    {
        await using var vault = await FakeVault.StartAsync();
        var down = Unused();

        Assert.True((await Client(down, vault.Address).SendAsync(Issuance, Root, Stop)).Succeeded);

        var failure = await Assert.ThrowsAsync<VaultException>(async () => await Client(down).SendAsync(Issuance, Root, Stop));
        Assert.Equal($"Vault {down.Authority}: no connection.", failure.Message);
        Assert.False(failure.MayHaveHappened);
    }

    [Fact]
    public async Task SendAsync_OneServerSealed_AsksTheOther()
    {
        await using var one = await FakeVault.StartAsync();
        await using var other = await FakeVault.StartAsync();
        one.IsSealed = true;
        var client = Client(one.Address, other.Address);

        Assert.True((await client.SendAsync(Issuance, Root, Stop)).Succeeded);
        Assert.True((await client.SendAsync(Issuance, Root, Stop)).Succeeded);

        Assert.Equal((1, 2), (one.Requests.Count, other.Requests.Count));
    }

    [Fact]
    public async Task SendAsync_StandbyRedirects_FollowsToAConfiguredServerOnly()
    {
        await using var active = await FakeVault.StartAsync();
        await using var standby = await FakeVault.StartAsync();
        standby.RedirectsTo = active.Address;

        Assert.True((await Client(standby.Address, active.Address).SendAsync(Issuance, Root, Stop)).Succeeded);
        Assert.Equal("root", Assert.Single(active.Requests).Token);

        active.Requests.Clear();
        var answer = await Client(standby.Address).SendAsync(Issuance, Root, Stop);
        Assert.Equal(307, answer.Status);
        Assert.EndsWith("it redirects to an address that is not configured.", answer.Refuse(Issuance).Message, StringComparison.Ordinal);
        Assert.Empty(active.Requests);
    }

    [Fact]
    public async Task SendAsync_ServersRedirectInACircle_GivesUp()
    {
        await using var one = await FakeVault.StartAsync();
        await using var other = await FakeVault.StartAsync();
        (one.RedirectsTo, other.RedirectsTo) = (other.Address, one.Address);

        Assert.Equal(307, (await Client(one.Address, other.Address).SendAsync(Issuance, Root, Stop)).Status);

        Assert.Equal(3, one.Requests.Count + other.Requests.Count);
    }

    [Fact]
    public async Task SendAsync_NoAnswer_GivesUpAtTheTimeout()
    {
        await using var vault = await FakeVault.StartAsync();
        vault.BeforeAnswer = (_, context) => Hang(context.RequestAborted);

        var failure = await Assert.ThrowsAsync<VaultException>(
            async () => await Client(s => s with { Timeout = TimeSpan.FromSeconds(1) }, vault.Address).SendAsync(Issuance, Root, Stop));

        Assert.Equal($"Vault {vault.Address.Authority}: no answer within 1 s.", failure.Message);
        Assert.Single(vault.Requests);
    }

    [Fact]
    public async Task SendAsync_CallerCancels_IsACancellation()
    {
        await using var vault = await FakeVault.StartAsync();
        using var cancel = new CancellationTokenSource();
        vault.BeforeAnswer = async (_, context) =>
        {
            await cancel.CancelAsync();
            await Hang(context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Client(vault.Address).SendAsync(Issuance, Root, cancel.Token));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"canary", "answered 200 to GET database/creds/ro with something that is not JSON.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{\"canary\":1,\"data\":1,\"data\":2}", "with something that is not JSON.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[\"canary\"]", "with something that is not JSON.")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"canary", "the answer ended early.", "the connection broke during the answer.")]
    [InlineData("canary\r\n\r\n", "the answer is not HTTP.")]
    public async Task SendAsync_NoAnswerOfVault_IsRefusedWithoutRepeatingIt(string bytes, params string[] problems)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(
            async () =>
            {
                using var connection = await listener.AcceptTcpClientAsync(Stop);
                _ = await connection.GetStream().ReadAsync(new byte[4096], Stop);
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(bytes), Stop);
            },
            Stop);

        var failure = await Assert.ThrowsAsync<VaultException>(async () => await Client(new Uri($"http://{listener.LocalEndpoint}")).SendAsync(Issuance, Root, Stop));

        Assert.Contains(problems, p => failure.Message.EndsWith(p, StringComparison.Ordinal));
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        await served;
    }

    [Fact]
    public async Task SendAsync_EndlessAnswer_IsCutOff()
    {
        await using var vault = await FakeVault.StartAsync();
        vault.BeforeAnswer = async (_, context) =>
        {
            var part = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
            }
        };

        var failure = await Assert.ThrowsAsync<VaultException>(async () => await Client(vault.Address).SendAsync(Issuance, Root, Stop));

        Assert.EndsWith("with more than 1024 KiB.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, """{"initialized":true,"sealed":true}""", "answered 503: it is sealed.")]
    [InlineData(501, """{"initialized":false}""", "answered 501: it is not initialised.")]
    [InlineData(472, "{}", "answered 472: it is a disaster-recovery secondary.")]
    [InlineData(429, """{"standby":true}""", null)]
    [InlineData(473, "{}", null)]
    [InlineData(200, "{}", null)]
    public async Task ProbeAsync_StatusesOfHealth_SayWhetherItServes(int status, string body, string? problem)
    {
        await using var vault = await FakeVault.StartAsync();
        vault.Refuse = _ => new(status, System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.Nodes.JsonObject>(body));
        var client = Client(vault.Address);

        await client.ProbeAsync(Stop);

        Assert.Equal(problem is null ? null : $"Vault {vault.Address.Authority} {problem}", client.Contact!.Problem);
        Assert.Equal(("sys/health", null), (vault.Requests.Single().Path, vault.Requests.Single().Token));
    }

    [Fact]
    public async Task Contact_VaultServesAgain_HasNoProblem()
    {
        await using var vault = await FakeVault.StartAsync();
        var client = Client(vault.Address);
        vault.IsSealed = true;
        await client.ProbeAsync(Stop);
        Assert.NotNull(client.Contact!.Problem);

        vault.IsSealed = false;
        await client.SendAsync(Issuance, Root, Stop);

        Assert.Null(client.Contact.Problem);
    }

    [Fact]
    public async Task SendAsync_Tls_TrustsTheConfiguredAuthorityAndShowsTheClientCertificate()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-vault-");
        try
        {
            var (server, serverFile, _) = Certificate(folder, "vault");
            var (client, clientFile, clientKey) = Certificate(folder, "gateway");
            var seen = new List<string?>();
            await using var vault = await FakeVault.StartAsync(kestrel: k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(h =>
            {
                h.ServerCertificate = server;
                h.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                h.ClientCertificateValidation = (certificate, _, _) =>
                {
                    seen.Add(certificate.Thumbprint);
                    return true;
                };
            })));
            var auth = new VaultAuthSettings { Method = VaultAuthMethod.Certificate, Certificate = clientFile, Key = clientKey };
            var address = new Uri($"https://localhost:{vault.Address.Port}");

            Assert.True((await Client(s => s with { CaFile = serverFile, Auth = auth }, address).SendAsync(Issuance, Root, Stop)).Succeeded);
            Assert.Contains(client.Thumbprint, seen);

            var failure = await Assert.ThrowsAsync<VaultException>(async () => await Client(s => s with { CaFile = clientFile, Auth = auth }, address).SendAsync(Issuance, Root, Stop));
            Assert.Contains("no TLS connection", failure.Message, StringComparison.Ordinal);
            Assert.Single(vault.Requests);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (X509Certificate2 Certificate, string File, string Key) Certificate(DirectoryInfo folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (file, keyFile) = (Path.Combine(folder.FullName, $"{name}.pem"), Path.Combine(folder.FullName, $"{name}.key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificate, file, keyFile);
    }

    private static Uri Unused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }

    private static async Task Hang(CancellationToken aborted) => await Task.Delay(Timeout.Infinite, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private VaultClient Client(params Uri[] addresses) => Client(s => s, addresses);

    private VaultClient Client(Func<VaultSettings, VaultSettings> change, params Uri[] addresses)
    {
        var client = new VaultClient(change(new VaultSettings { Addresses = addresses, Auth = new VaultAuthSettings { Method = VaultAuthMethod.Token } }), TimeProvider.System);
        _owned.Add(client);
        return client;
    }
}
