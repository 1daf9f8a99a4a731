using System.Diagnostics;
using Gateway.Core.Credentials;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Core.Tests.Credentials;

/// <summary>A store on a clock that the test sets, with everything that revokes what it ends.</summary>
internal sealed class LeaseStoreFixture : IDisposable
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();

    public LeaseStoreFixture(LeaseStoreOptions? options = null, MemoryLedger? ledger = null, bool works = true)
    {
        Ledger = ledger ?? new MemoryLedger();
        Book = new RevocationBook(Ledger, Ledger, Clock, NullLogger<RevocationBook>.Instance);
        Store = new LeaseStore(Clock, Log, options ?? new LeaseStoreOptions(), Book, Ledger, Ledger);
        Worker = new RevocationWorker(Book, name => Providers.GetValueOrDefault(name), new RevocationOptions(), Clock, WorkerLog);
        Working = works ? Worker.RunAsync(_stop.Token) : Task.CompletedTask;
    }

    public ManualClock Clock { get; } = new();

    public LogSink<LeaseStore> Log { get; } = new();

    public LogSink<RevocationWorker> WorkerLog { get; } = new();

    public MemoryLedger Ledger { get; }

    public RevocationBook Book { get; }

    public RevocationWorker Worker { get; }

    public Task Working { get; }

    /// <summary>Those that configuration has; what issued a credential is found without.</summary>
    public Dictionary<string, ICredentialProvider> Providers { get; } = [];

    public LeaseStore Store { get; }

    public static LeaseKey Key(string agent = "agent", string task = "", string scope = "") => new(agent, task, "tool", "credential", scope);

    public static CredentialDefinition Define(ICredentialProvider provider, TimeSpan? lifetime = null, DateTimeOffset? notAfter = null, string? owner = null) => new()
    {
        Name = "credential",
        Provider = provider,
        Inject = [InjectionTemplate.Bearer],
        Lifetime = lifetime,
        NotAfter = notAfter,
        Owner = owner,
    };

    /// <summary>A provider whose tokens live for <paramref name="life"/>.</summary>
    public ScriptedProvider Tokens(TimeSpan life)
    {
        var number = 0;
        return new ScriptedProvider((_, _) =>
            new(ScriptedProvider.Token($"token-{Interlocked.Increment(ref number):00000000}", Clock.GetUtcNow() + life)));
    }

    /// <summary>The same, of tokens that are revoked by themselves.</summary>
    public ScriptedProvider Revocable(TimeSpan life, bool renewable = false)
    {
        var number = 0;
        return new ScriptedProvider(async (request, cancellationToken) =>
        {
            var token = $"token-{Interlocked.Increment(ref number):00000000}";
            var end = Clock.GetUtcNow() + life;
            var debt = await request.Ledger.OweAsync(new Revocation("token", new SecretValue(token), end), null, cancellationToken);
            return ScriptedProvider.Token(token, end) with { Debt = debt, Renewal = renewable ? new SecretValue(token) : null };
        });
    }

    public async Task<LeaseResult> AcquireAsync(
        CredentialDefinition definition,
        LeaseKey? key = null,
        TimeSpan? maxLifetime = null,
        CancellationToken? cancellationToken = null,
        DateTimeOffset? taskExpiresAt = null) =>
        await Store.AcquireAsync(key ?? Key(), definition, maxLifetime, taskExpiresAt, cancellationToken ?? TestContext.Current.CancellationToken);

    public string Injected(LeaseReference? reference)
    {
        Assert.NotNull(reference);
        Assert.True(Store.TryGet(reference, out var lease));
        return lease.Headers.Single().Value.Reveal();
    }

    /// <summary>Waits, on the real clock, for work that runs in the background.</summary>
    public static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"Not within 30 s: {what}");
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Moves the clock until something has happened that waits for time.</summary>
    public async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step, string what) =>
        await EventuallyAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                Clock.Advance(step);
                return false;
            },
            what);

    public void Dispose()
    {
        Store.Dispose();
        _stop.Cancel();
        _stop.Dispose();
    }
}
