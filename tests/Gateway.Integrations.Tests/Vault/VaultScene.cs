using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Gateway.Integrations.Vault;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>A gateway's connection to a server of the test's own, with a ledger and a log that can be looked into.</summary>
internal sealed class VaultScene : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private VaultScene(FakeVault vault, DirectoryInfo folder, TimeProvider clock)
    {
        (Vault, _folder, Clock) = (vault, folder, clock);
        JwtFile = Path.Combine(folder.FullName, "token");
        File.WriteAllText(JwtFile, "the-gateways-jwt\n");
        Settings = new VaultSettings
        {
            Addresses = [vault.Address],

            // A clock that stands still has no timers but those of what sleeps, so that a test can tell that it does.
            Timeout = clock == TimeProvider.System ? TimeSpan.FromSeconds(60) : System.Threading.Timeout.InfiniteTimeSpan,
            Auth = new VaultAuthSettings { Method = VaultAuthMethod.Kubernetes, Role = "gateway", JwtFile = JwtFile },
        };
        Connection = Connect(Settings);
    }

    public FakeVault Vault { get; }

    public TimeProvider Clock { get; }

    public VaultSettings Settings { get; }

    public VaultConnection Connection { get; private set; }

    public MemoryLedger Ledger { get; } = new();

    public MemoryLog Log { get; } = new();

    public TestSecrets Secrets { get; } = new();

    public string JwtFile { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<VaultScene> StartAsync(TimeProvider? clock = null)
    {
        var time = clock ?? TimeProvider.System;
        return new VaultScene(await FakeVault.StartAsync(time), Directory.CreateTempSubdirectory("gateway-vault-"), time);
    }

    /// <summary>Another connection instead of the first; it is the scene's to end.</summary>
    public async Task<VaultConnection> ReconnectAsync(Func<VaultSettings, VaultSettings> change)
    {
        await Connection.DisposeAsync();
        return Connection = Connect(change(Settings));
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public VaultProvider Provider(string path = "database/creds/ro", Func<VaultCredentialSettings, VaultCredentialSettings>? change = null)
    {
        var settings = new VaultCredentialSettings { Path = path };
        return new VaultProvider("crm", change?.Invoke(settings) ?? settings, Connection, Clock, Log);
    }

    /// <param name="task">Empty means without a task.</param>
    /// <param name="lifetime">What is asked for.</param>
    /// <param name="agent">For whom.</param>
    /// <param name="taskLife">What the task has left.</param>
    public IssueRequest Request(string task = "task-1", TimeSpan? lifetime = null, string agent = "agent-a", TimeSpan? taskLife = null) =>
        new(new LeaseKey(agent, task, "tool", "crm", ""), lifetime, Ledger)
        {
            TaskExpiresAt = task.Length == 0 ? null : Clock.GetUtcNow() + (taskLife ?? TimeSpan.FromMinutes(15)),
        };

    public void Engine(string path, JsonObject data, bool hasLease = true) => Vault.State.Engines[path] = _ => (data, hasLease);

    public Task<RevocationOutcome> RevokeAsync(Revocation revocation) => Provider().RevokeAsync(revocation, Stop).AsTask();

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Vault.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private VaultConnection Connect(VaultSettings settings) => new(settings, Secrets, Clock, Log);
}
