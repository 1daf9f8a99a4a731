using System.Diagnostics;
using Gateway.Core.Credentials;

namespace Gateway.Core.Tests.Credentials;

/// <summary>A store on a clock that the test sets.</summary>
internal sealed class LeaseStoreFixture : IDisposable
{
    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public LeaseStoreFixture(LeaseStoreOptions? options = null) => Store = new LeaseStore(Clock, Log, options ?? new LeaseStoreOptions());

    public ManualClock Clock { get; } = new();

    public LogSink<LeaseStore> Log { get; } = new();

    public LeaseStore Store { get; }

    public static LeaseKey Key(string agent = "agent", string task = "", string scope = "") => new(agent, task, "tool", "credential", scope);

    public static CredentialDefinition Define(ICredentialProvider provider, TimeSpan? lifetime = null) => new()
    {
        Name = "credential",
        Provider = provider,
        Inject = [InjectionTemplate.Bearer],
        Lifetime = lifetime,
    };

    /// <summary>A provider whose tokens live for <paramref name="life"/>.</summary>
    public ScriptedProvider Tokens(TimeSpan life)
    {
        var number = 0;
        return new ScriptedProvider((_, _) =>
            new(ScriptedProvider.Token($"token-{Interlocked.Increment(ref number):00000000}", Clock.GetUtcNow() + life)));
    }

    public async Task<LeaseResult> AcquireAsync(
        CredentialDefinition definition, LeaseKey? key = null, TimeSpan? maxLifetime = null, CancellationToken? cancellationToken = null) =>
        await Store.AcquireAsync(key ?? Key(), definition, maxLifetime, cancellationToken ?? TestContext.Current.CancellationToken);

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

    public void Dispose() => Store.Dispose();
}
