using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Integrations.Tests.Vault;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Faults;

/// <summary>
/// The gateway as a process that may be killed, and what outlives it and remembers everything: a Vault, an issuer whose tokens can be
/// revoked (RFC 7009), and the upstream of the tools <c>db</c> and <c>api</c>.
/// </summary>
internal sealed class FaultScene : IAsyncDisposable
{
    public const string VaultTool = "db";
    public const string TokenTool = "api";
    public const string Issuance = "database/creds/ro";

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly WorkloadIssuer _issuer = new();
    private readonly FaultRandom _random;
    private readonly string _vaultTimeout;
    private int _active;
    private int _revoking;
    private int _number;
    private volatile bool _isDead;

    private FaultScene(FaultRandom random, string vaultTimeout) => (_random, _vaultTimeout) = (random, vaultTimeout);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public FakeVault Vault { get; private set; } = null!;

    public GatewayProcess Gateway { get; private set; } = null!;

    private RecordingUpstream Upstream { get; set; } = null!;

    private RecordingUpstream TokenServer { get; set; } = null!;

    /// <summary>Upper bounds, in milliseconds, of the random time before an issuance and a revocation are answered.</summary>
    public int IssuancePause { get; set; }

    public int RevocationPause { get; set; }

    /// <summary>Whether Vault answers nothing; some of what it is asked it does nevertheless.</summary>
    public bool IsVaultDown { get; set; }

    /// <summary>Revocations that have been asked for and not answered.</summary>
    public int Revoking => Volatile.Read(ref _revoking);

    /// <summary>The tasks whose start was answered.</summary>
    public ConcurrentQueue<FaultTask> Tasks { get; } = new();

    /// <summary>The tokens that the issuer gave; the value says how often each was revoked.</summary>
    public ConcurrentDictionary<string, int> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>What reached the upstream: the token or the user name, with the task.</summary>
    public ConcurrentDictionary<string, (string Task, int Count)> Used { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Faults { get; } = new();

    public static async Task<FaultScene> StartAsync(FaultRandom random, string vaultTimeout = "00:00:10")
    {
        var scene = new FaultScene(random, vaultTimeout)
        {
            Vault = await FakeVault.StartAsync(),
            Upstream = await RecordingUpstream.StartAsync(),
            TokenServer = await RecordingUpstream.StartAsync(),
        };
        (scene.Vault.State.LeaseLife, scene.Vault.State.LeaseMaxLife) = (TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
        scene.Vault.Refuse = scene.RefuseVault;
        scene.Vault.BeforeAnswer = scene.PauseVaultAsync;
        scene.Upstream.Answer = scene.UseAsync;
        scene.TokenServer.Answer = scene.AnswerTokenAsync;
        try
        {
            await scene.StartGatewayAsync();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a gateway over what the one before left.</summary>
    public async Task StartGatewayAsync()
    {
        _isDead = false;
        Gateway = await GatewayProcess.StartAsync(_folder, Setup(), Stop);
    }

    /// <summary>SIGKILL; then waits until what the process had asked for is done.</summary>
    public async Task KillGatewayAsync()
    {
        await Gateway.KillAsync();
        _isDead = true; // what is still on its way to the upstream would be taken for a use of what was revoked meanwhile
        await Task.Delay(20, Stop);
        while (Volatile.Read(ref _active) > 0)
        {
            await Task.Delay(1, Stop);
        }
    }

    public async Task<FaultTask> StartTaskAsync()
    {
        var answer = await SendAsync(HttpMethod.Post, "/.gateway/tasks", null, """{"purpose":"to be interrupted"}""");
        var task = new FaultTask(answer.Text("id")!);
        Tasks.Enqueue(task);
        return task;
    }

    /// <returns>The status.</returns>
    public async Task<HttpStatusCode> CallAsync(string tool, FaultTask task)
    {
        using var request = Request(HttpMethod.Get, $"/{tool}/{task.Id}/{Interlocked.Increment(ref _number)}", task.Id, null);
        using var response = await Gateway.Client.SendAsync(request, Stop);
        return response.StatusCode;
    }

    /// <summary>Ends a task as its agent does.</summary>
    public async Task EndTaskAsync(FaultTask task)
    {
        task.IsEnding = true;
        task.Receipt = await SendAsync(HttpMethod.Post, $"/.gateway/tasks/{task.Id}/end", null, "");
        task.IsEnding = false;
    }

    /// <summary>What the admin API answers.</summary>
    public async Task<JsonElement> AdminAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(Gateway.Admin, path));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {(await File.ReadAllTextAsync(_folder.Combine("data/admin-token"), Stop)).Trim()}");
        using var response = await Gateway.Client.SendAsync(request, Stop);
        return await ReadAsync(response);
    }

    public async Task<JsonElement[]> LeasesAsync(string state) => [.. (await AdminAsync(HttpMethod.Get, $"/v1/leases?state={state}")).GetProperty("leases").EnumerateArray()];

    /// <summary>Waits until nothing is owed any more.</summary>
    public async Task SettledAsync(string round)
    {
        JsonElement[] left = [];
        await Eventually.TrueAsync(
            async () => (left = [.. await LeasesAsync("owed"), .. await LeasesAsync("stuck")]).Length == 0,
            () => $"{round}: {left.Length} revocations are not done: {left[0]}",
            Stop);
    }

    /// <summary>The leases that Vault gave for a task.</summary>
    public FakeLease[] LeasesOf(FaultTask task) => [.. Vault.State.Leases.Where(l => l.Token.Meta.GetValueOrDefault("task") == task.Id)];

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await Upstream.DisposeAsync();
        await TokenServer.DisposeAsync();
        await Vault.DisposeAsync();
        _issuer.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    public static string UserOf(FakeLease lease) => lease.Data["username"]!.ToString();

    private GatewaySetup Setup() => new()
    {
        Identity = _issuer.Configure(_folder),
        Tools = new[] { VaultTool, TokenTool }.ToDictionary(t => t, t => (object)new { Path = $"/{t}", Upstream = Upstream.Url, Credential = t }),
        Credentials = new Dictionary<string, object>
        {
            [VaultTool] = new { Type = "Vault", Path = Issuance, Inject = new[] { new { Basic = new { User = "{username}", Password = "{password}" } } } },
            [TokenTool] = new
            {
                Type = "OAuth2ClientCredentials",
                TokenEndpoint = $"{TokenServer.Url}/token",
                RevocationEndpoint = $"{TokenServer.Url}/revoke",
                ClientId = "gateway",
                ClientSecret = $"file:{_secrets.Write("client", Canary.New("client"))}",
            },
        },
        Vault = new
        {
            Address = Vault.Address.AbsoluteUri,
            Timeout = _vaultTimeout,
            Auth = new { Method = "Kubernetes", Role = "gateway", JwtFile = _secrets.Write("token", "the-gateways-jwt") },
        },
        Policies = """@id("all") permit (principal, action, resource);""",
        Trace = false,
    };

    private HttpRequestMessage Request(HttpMethod method, string path, string? task, string? body)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Gateway-Identity", _issuer.Token());
        if (task is not null)
        {
            request.Headers.Add("Gateway-Task", task);
        }

        return request;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? task, string body)
    {
        using var request = Request(method, path, task, body);
        using var response = await Gateway.Client.SendAsync(request, Stop);
        return await ReadAsync(response);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} to {response.RequestMessage?.RequestUri}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private FakeVaultAnswer? RefuseVault(FakeVaultRequest request) =>
        IsVaultDown && _random.Next(2) == 0 ? FakeVaultAnswer.Error(503, "Vault is sealed") : null;

    /// <summary>Behind its effect and ahead of its answer.</summary>
    private async Task PauseVaultAsync(FakeVaultRequest request, HttpContext context)
    {
        if (IsVaultDown)
        {
            context.Abort();
        }
        else if (request.Path == Issuance)
        {
            await DuringAsync(() => PauseAsync(IssuancePause));
        }
        else if (request.Path is "auth/token/revoke-accessor" or "sys/leases/revoke")
        {
            await RevokingAsync(() => PauseAsync(RevocationPause));
        }
    }

    private Task AnswerTokenAsync(RecordedRequest request, HttpContext context) => request.Target == "/token"
        ? DuringAsync(async () =>
        {
            var token = $"token-{Guid.NewGuid():N}";
            Tokens[token] = 0;
            await PauseAsync(IssuancePause);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600}""", CancellationToken.None);
        })
        : RevokingAsync(async () =>
        {
            // Killed before it takes effect, or before it is answered.
            await PauseAsync(RevocationPause / 2);
            var token = System.Web.HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body))["token"] ?? "";
            if (!Tokens.ContainsKey(token))
            {
                Faults.Enqueue("A token was to be revoked that was never issued.");
            }

            Tokens.AddOrUpdate(token, 1, (_, count) => count + 1);
            await PauseAsync(RevocationPause / 2);
        });

    private Task UseAsync(RecordedRequest request, HttpContext context)
    {
        if (_isDead)
        {
            return Task.CompletedTask;
        }

        var credential = request.Value("Authorization") ?? "";
        var isBasic = credential.StartsWith("Basic ", StringComparison.Ordinal);
        var name = isBasic ? Encoding.UTF8.GetString(Convert.FromBase64String(credential["Basic ".Length..])).Split(':')[0] : credential["Bearer ".Length..];
        if (isBasic ? !Vault.State.LiveLeases.Any(l => UserOf(l) == name) : Tokens.GetValueOrDefault(name, 1) > 0)
        {
            Faults.Enqueue($"{request.Target} came with a credential that was dead.");
        }

        Used.AddOrUpdate(name, (request.Target.Split('/')[1], 1), (_, use) => use with { Count = use.Count + 1 });
        return context.Response.WriteAsync("ok", CancellationToken.None);
    }

    private async Task RevokingAsync(Func<Task> work)
    {
        Interlocked.Increment(ref _revoking);
        await DuringAsync(work);
        Interlocked.Decrement(ref _revoking);
    }

    private async Task DuringAsync(Func<Task> work)
    {
        Interlocked.Increment(ref _active);
        try
        {
            await work();
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    private Task PauseAsync(int most) => most == 0 ? Task.CompletedTask : Task.Delay(_random.Next(most), CancellationToken.None);
}
