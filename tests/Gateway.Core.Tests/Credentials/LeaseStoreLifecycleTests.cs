using Gateway.Core.Credentials;
using static Gateway.Core.Tests.Credentials.LeaseStoreFixture;

namespace Gateway.Core.Tests.Credentials;

public sealed class LeaseStoreLifecycleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EndAgents_LeaseAcquiredBefore_IsNotInjectedAfter()
    {
        using var fixture = new LeaseStoreFixture();
        var provider = fixture.Tokens(TimeSpan.FromHours(1));
        var definition = Define(provider);
        var ended = await fixture.AcquireAsync(definition, Key("a1"));
        var other = await fixture.AcquireAsync(definition, Key("a2"));

        Assert.Equal(1, fixture.Store.EndAgents(agent => agent == "a1"));

        Assert.False(fixture.Store.TryGet(ended.Reference!, out _));
        Assert.True(fixture.Store.TryGet(other.Reference!, out _));
        Assert.Equal(1, fixture.Store.Count);
        Assert.NotEqual(ended.Reference!.Id, (await fixture.AcquireAsync(definition, Key("a1"))).Reference!.Id);
    }

    [Fact]
    public async Task EndAgents_IssuanceUnderWay_LeaseIsNeverUsable()
    {
        using var fixture = new LeaseStoreFixture();
        var release = new TaskCompletionSource();
        var provider = new ScriptedProvider(async (_, _) =>
        {
            await release.Task.WaitAsync(Cancellation);
            return ScriptedProvider.Token("token-one");
        });
        var call = fixture.AcquireAsync(Define(provider), Key("a1"));
        await EventuallyAsync(() => provider.Calls == 1, "the issuance");

        fixture.Store.EndAgents(agent => agent == "a1");
        release.SetResult();
        var result = await call;

        Assert.False(result.Succeeded);
        Assert.Equal(0, fixture.Store.Count);
        Assert.Single(fixture.Log.Entries, e => e.Id.Id == 3006);
    }

    [Fact]
    public async Task EndAgents_SupersededLease_EndsAsWell()
    {
        using var fixture = new LeaseStoreFixture();
        var definition = Define(fixture.Tokens(100 * Second));
        var first = await fixture.AcquireAsync(definition);
        fixture.Clock.Advance(80 * Second);
        await fixture.AcquireAsync(definition);
        await EventuallyAsync(() => fixture.Log.Entries.Count(e => e.Id.Id == 3000) == 2, "the refresh");

        Assert.Equal(2, fixture.Store.EndAgents(_ => true));
        Assert.False(fixture.Store.TryGet(first.Reference!, out _));
    }

    [Fact]
    public async Task AcquireAsync_StoreFull_RefusesNewKeysAndKeepsLiveLeases()
    {
        using var fixture = new LeaseStoreFixture(new LeaseStoreOptions { Capacity = 3 });
        var definition = Define(fixture.Tokens(100 * Second));
        var held = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => fixture.AcquireAsync(definition, Key($"agent-{i}"))));

        var refused = await fixture.AcquireAsync(definition, Key("agent-3"));
        await fixture.AcquireAsync(definition, Key("agent-4"));

        Assert.False(refused.Succeeded);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.All(held, lease => Assert.True(fixture.Store.TryGet(lease.Reference!, out _)));
        Assert.Single(fixture.Log.Entries, e => e.Id.Id == 3004);

        fixture.Clock.Advance(130 * Second);
        Assert.Equal(0, fixture.Store.Count);
        Assert.True((await fixture.AcquireAsync(definition, Key("agent-3"))).Succeeded);
    }

    [Fact]
    public async Task Dispose_IssuanceUnderWay_EndsTheWait()
    {
        using var fixture = new LeaseStoreFixture();
        var provider = new ScriptedProvider(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        });
        var call = fixture.AcquireAsync(Define(provider));
        await EventuallyAsync(() => provider.Calls == 1, "the issuance");

        fixture.Store.Dispose();
        var result = await call;

        Assert.False(result.Succeeded);
        Assert.False((await fixture.AcquireAsync(Define(fixture.Tokens(Second)))).Succeeded);
    }

    [Fact]
    public async Task Store_RandomCallsDropsAndTime_KeepsItsPromises()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using var fixture = new LeaseStoreFixture(new LeaseStoreOptions { Capacity = 50 });
        var failing = 0;
        var provider = new ScriptedProvider(async (request, _) =>
        {
            await Task.Yield();
            return Volatile.Read(ref failing) == 1
                ? throw new CredentialIssueException("down")
                : ScriptedProvider.Token($"token-of-{request.Key.Agent}-{request.Key.Task}", fixture.Clock.GetUtcNow() + (60 * Second));
        });
        var definition = Define(provider);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var random = new Random(seed + worker);
            for (var i = 0; i < 1500; i++)
            {
                var (agent, task) = ($"a{random.Next(4)}", $"t{worker}-{random.Next(20)}");
                var result = await fixture.AcquireAsync(definition, Key(agent, task));
                if (result.Succeeded && fixture.Store.TryGet(result.Reference, out var lease))
                {
                    Assert.Equal($"Bearer token-of-{agent}-{task}", lease.Headers[0].Value.Reveal());
                }

                switch (random.Next(40))
                {
                    case 0:
                        // Only this worker asks for its tasks, so after its end nothing of the task may be found.
                        fixture.Store.EndTask(task);
                        Assert.False(result.Succeeded && fixture.Store.TryGet(result.Reference, out _));
                        Assert.False((await fixture.AcquireAsync(definition, Key(agent, task))).Succeeded);
                        break;
                    case 1:
                        fixture.Clock.Advance(random.Next(20) * Second);
                        break;
                    case 2:
                        Volatile.Write(ref failing, random.Next(2));
                        break;
                }

                Assert.InRange(fixture.Store.Count, 0, 54); // four workers may each be trying for the last place
            }
        }, Cancellation)));

        fixture.Clock.Advance(TimeSpan.FromHours(1));
        await EventuallyAsync(
            () =>
            {
                fixture.Clock.Advance(31 * Second);
                return fixture.Store.Count == 0;
            },
            "an empty store");
    }
}
