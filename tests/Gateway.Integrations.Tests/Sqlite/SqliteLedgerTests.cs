using System.Text;
using Gateway.Core.Credentials;
using Gateway.Core.Tasks;
using Gateway.Integrations.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Sqlite;

public sealed class SqliteLedgerTests : IAsyncLifetime
{
    private const string Handle = "canary-handle-0d7b3f";

    private static readonly LeaseKey Key = new("corp:billing", "task-1", "crm", "partner", "read");
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, 123, TimeSpan.Zero);

    private readonly string _data = Directory.CreateTempSubdirectory("gateway-ledger-").FullName;
    private StateDatabase _state = null!;
    private HandleProtection _protection = null!;
    private SqliteRevocationOutbox _outbox = null!;
    private SqliteLeaseAccounts _accounts = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Open();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _state.DisposeAsync();
        _protection.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task LoadAsync_AfterARestart_GivesBackWhatIsOpen()
    {
        var cover = Owed("cover", expiresAt: Now.AddHours(1), servesTask: true);
        var covered = Owed("covered", coveredBy: "cover") with { NotedAt = Now.AddSeconds(1) };
        await _outbox.AddAsync(cover with { Revocation = cover.Revocation with { Issuer = "https://vault.example/" } }, Cancellation);
        await _outbox.AddAsync(covered, Cancellation);
        await _outbox.AddAsync(Owed("settled"), Cancellation);
        await _outbox.SettleAsync("settled", DebtState.Confirmed, Now, Cancellation);
        await _outbox.ExtendAsync("cover", Now.AddHours(2), Cancellation);
        await ReopenAsync();

        var loaded = await _outbox.LoadAsync(Cancellation);

        Assert.Equal(["cover", "covered"], loaded.Select(o => o.Id));
        Assert.All(loaded, o => Assert.Equal(Handle, o.Revocation.Handle.Reveal()));
        Assert.Equal((Now.AddHours(2), true, null), (loaded[0].Revocation.ExpiresAt!.Value, loaded[0].Revocation.ServesTask, loaded[0].CoveredBy));
        Assert.Equal((null, false, "cover"), (loaded[1].Revocation.ExpiresAt, loaded[1].Revocation.ServesTask, loaded[1].CoveredBy));
        Assert.Equal(("https://vault.example/", null), (loaded[0].Revocation.Issuer, loaded[1].Revocation.Issuer));
        Assert.Equal((Key, Now, "token"), (loaded[0].Key, loaded[0].NotedAt, loaded[0].Revocation.Kind));
    }

    [Fact]
    public async Task LoadAsync_FileOfAVersionThatKeptNoIssuers_GivesBackWhatIsOpen()
    {
        await _outbox.AddAsync(Owed("a"), Cancellation);
        await _state.RunAsync(t => t.Execute("ALTER TABLE revocation DROP COLUMN issuer; PRAGMA user_version = 4"), Cancellation);
        await ReopenAsync();

        Assert.Null(Assert.Single(await _outbox.LoadAsync(Cancellation)).Revocation.Issuer);
    }

    [Fact]
    public async Task AddAsync_Handle_IsInNoFileInClear()
    {
        await _outbox.AddAsync(Owed("a"), Cancellation);
        AssertInNoFile(Handle);

        await ReopenAsync();
        AssertInNoFile(Handle);

        // Proof that the net was out: what is not secret is there.
        Assert.Contains(Directory.GetFiles(_data), f => ReadShared(f).AsSpan().IndexOf("corp:billing"u8) >= 0);
    }

    [Fact]
    public async Task LoadAsync_KeysLost_SaysSoForEachAndLosesNone()
    {
        await _outbox.AddAsync(Owed("a"), Cancellation);
        Directory.Delete(Path.Combine(_data, "keys"), recursive: true);
        await ReopenAsync();

        var loaded = Assert.Single(await _outbox.LoadAsync(Cancellation));

        Assert.Contains("restore that directory from a backup", loaded.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAsync_SecretsWithoutTheirKeys_MakesNoNewOnes()
    {
        await File.WriteAllTextAsync(Path.Combine(_data, "secrets.json"), "{}", Cancellation);

        var failure = await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await _outbox.AddAsync(Owed("a"), Cancellation));

        Assert.Contains("it is missing: restore it from a backup", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_data, "keys")));
    }

    [Fact]
    public async Task OfTaskAsync_EveryOutcome_IsInTheAccount()
    {
        DebtState[] outcomes = [DebtState.Open, DebtState.Confirmed, DebtState.Unsupported, DebtState.Expired];
        foreach (var outcome in outcomes)
        {
            await _outbox.AddAsync(Owed($"debt-{outcome}", expiresAt: Now.AddHours(1)), Cancellation);
            await _accounts.OpenAsync(Account($"lease-{outcome}", $"debt-{outcome}"), Cancellation);
            if (outcome != DebtState.Open)
            {
                await _outbox.SettleAsync($"debt-{outcome}", outcome, Now, Cancellation);
            }
        }

        await _accounts.OpenAsync(Account("lease-without", debt: null), Cancellation);
        await _accounts.OpenAsync(Account("lease-other", debt: null) with { Key = Key with { Task = "task-2" } }, Cancellation);

        var accounts = (await _accounts.OfTaskAsync("task-1", Cancellation)).ToDictionary(a => a.Id);

        Assert.Equal(5, accounts.Count);
        Assert.Equal((LeaseRevocation.Queued, Now.AddHours(1)), (accounts["lease-Open"].Revocation, accounts["lease-Open"].ResidualExpiry));
        Assert.Equal((LeaseRevocation.Confirmed, null), (accounts["lease-Confirmed"].Revocation, accounts["lease-Confirmed"].ResidualExpiry));
        Assert.Equal(LeaseRevocation.Unsupported, accounts["lease-Unsupported"].Revocation);
        Assert.Equal(LeaseRevocation.Failed, accounts["lease-Expired"].Revocation);
        Assert.Equal((LeaseRevocation.Unsupported, Now.AddDays(9)), (accounts["lease-without"].Revocation, accounts["lease-without"].ResidualExpiry));
    }

    [Fact]
    public async Task UpdateAsync_EndThenAnOlderLook_KeepsTheEnd()
    {
        await _accounts.OpenAsync(Account("a", null), Cancellation);
        await _accounts.UpdateAsync([Account("a", null) with { Uses = 3 }], Cancellation);
        await _accounts.UpdateAsync([Account("a", null) with { Uses = 5, EndedAt = Now.AddMinutes(1) }], Cancellation);
        await _accounts.UpdateAsync([Account("a", null) with { Uses = 4 }], Cancellation);
        await _accounts.OpenAsync(Account("b", null), Cancellation);
        await _accounts.UpdateAsync([Account("b", null) with { Uses = 2 }], Cancellation);
        await ReopenAsync();
        await _accounts.AbandonAsync(Now.AddMinutes(2), Cancellation);

        var accounts = (await _accounts.OfTaskAsync("task-1", Cancellation)).ToDictionary(a => a.Id);

        Assert.Equal((5, true, Now.AddMinutes(1)), (accounts["a"].Uses, accounts["a"].UsesAreExact, accounts["a"].EndedAt!.Value));
        Assert.Equal((2, false, Now.AddMinutes(2)), (accounts["b"].Uses, accounts["b"].UsesAreExact, accounts["b"].EndedAt!.Value));
    }

    [Fact]
    public async Task PruneAsync_OldAccounts_AreForgottenUnlessSomethingIsOwed()
    {
        foreach (var id in (string[])["done", "owed"])
        {
            await _outbox.AddAsync(Owed(id), Cancellation);
            await _accounts.OpenAsync(Account($"lease-{id}", id) with { EndedAt = Now }, Cancellation);
        }

        await _outbox.SettleAsync("done", DebtState.Confirmed, Now, Cancellation);
        await _accounts.OpenAsync(Account("lease-live", null), Cancellation);

        await _accounts.PruneAsync(Now, Cancellation);
        Assert.Equal(3, (await _accounts.OfTaskAsync("task-1", Cancellation)).Count);
        await _accounts.PruneAsync(Now.AddMilliseconds(1), Cancellation);

        Assert.Equal(["lease-live", "lease-owed"], (await _accounts.OfTaskAsync("task-1", Cancellation)).Select(a => a.Id).Order());
        Assert.Single(await _outbox.LoadAsync(Cancellation));
    }

    [Fact]
    public async Task PruneAsync_TaskIsKept_ItsLeasesAreToo()
    {
        var tasks = new SqliteTaskStore(_state);
        await tasks.AddAsync(new TaskDefinition { Id = "task-1", Agent = "corp:billing", Purpose = "testing", StartedAt = Now, ExpiresAt = Now.AddDays(90), Chain = ["corp:billing"] }, Cancellation);
        await _accounts.OpenAsync(Account("early", null) with { EndedAt = Now.AddMinutes(5) }, Cancellation);
        await _accounts.PruneAsync(Now.AddDays(40), Cancellation);
        Assert.Single(await _accounts.OfTaskAsync("task-1", Cancellation));

        await tasks.EndAsync("task-1", new TaskEnd(TaskEndReason.Completed, Now.AddDays(60)), Cancellation);
        await tasks.PruneAsync(Now.AddDays(61), Cancellation);
        await _accounts.PruneAsync(Now.AddDays(61), Cancellation);

        Assert.Empty(await _accounts.OfTaskAsync("task-1", Cancellation));
    }

    private static OwedRevocation Owed(string id, string? coveredBy = null, DateTimeOffset? expiresAt = null, bool servesTask = false) =>
        new(id, "lease-1", Key, new Revocation("token", new SecretValue(Handle), expiresAt) { ServesTask = servesTask }, coveredBy, Now);

    private static LeaseAccount Account(string id, string? debt) => new()
    {
        Id = id,
        Key = Key,
        IssuedAt = Now,
        ExpiresAt = Now.AddMinutes(5),
        ResidualExpiry = Now.AddDays(9),
        Debt = debt,
    };

    private void AssertInNoFile(string secret) =>
        Assert.All(Directory.GetFiles(_data, "*", SearchOption.AllDirectories), file => Assert.True(ReadShared(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, file));

    /// <summary>By another process: closing the file in this one would give up SQLite's lock.</summary>
    private static byte[] ReadShared(string file)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var copy = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(copy);
        return copy.ToArray();
    }

    private void Open()
    {
        _state = new StateDatabase(_data, NullLogger<StateDatabase>.Instance);
        _protection = new HandleProtection(_data);
        _outbox = new SqliteRevocationOutbox(_state, _protection);
        _accounts = new SqliteLeaseAccounts(_state);
        _state.Open();
    }

    private async Task ReopenAsync()
    {
        await _state.DisposeAsync();
        _protection.Dispose();
        Open();
    }
}
