using Gateway.Core.Credentials;
using Gateway.Core.Tests.Identity;
using Gateway.Integrations.Tests.Oidc;
using Gateway.Integrations.Vault;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>One token for each task: nothing lives past it, and nothing is forgotten.</summary>
public sealed class VaultTaskTests
{
    private const string Path = "database/creds/ro";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IssueAsync_UnderATask_UsesATokenOfTheTask()
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.ReconnectAsync(s => s with { TokenPolicies = ["agents"], TokenRole = "tasks" });

        var issued = await scene.Provider().IssueAsync(scene.Request(taskLife: TimeSpan.FromSeconds(600.9)), Stop);

        var create = Assert.Single(scene.Vault.Requests, r => r.Path == "auth/token/create/tasks");
        Assert.Equal("600s", create.Text("explicit_max_ttl"));
        Assert.Equal("600s", create.Text("ttl"));
        Assert.Equal(("false", "true", "service"), (create.Text("renewable"), create.Text("no_default_policy"), create.Text("type")));
        Assert.Equal("""{"task":"task-1","agent":"agent-a"}""", create.Body!["meta"]!.ToJsonString());
        Assert.Equal("""["agents"]""", create.Body["policies"]!.ToJsonString());
        var child = Assert.Single(scene.Vault.State.Tokens, t => t.Parent is not null);
        Assert.Equal(child.Value, Assert.Single(scene.Vault.Requests, r => r.Path == Path).Token);
        Assert.Equal(Assert.Single(scene.Vault.State.LiveLeases).Data["password"]!.ToString(), issued.Fields["password"].Reveal());
    }

    [Fact]
    public async Task IssueAsync_UnderATask_OwesTheTokenAheadOfItsFirstUseAndTheLeaseUnderIt()
    {
        await using var scene = await VaultScene.StartAsync();
        var usedWhenOwed = new List<int>();
        scene.Ledger.BeforeOwing = _ => usedWhenOwed.Add(scene.Vault.Count(Path));

        var issued = await scene.Provider().IssueAsync(scene.Request(), Stop);

        Assert.Equal([0, 1], usedWhenOwed);
        var (token, lease) = (scene.Ledger.Debts[0], scene.Ledger.Debts[1]);
        Assert.Equal((VaultRevoker.TokenAccessor, null), (token.Revocation.Kind, token.CoveredBy));
        Assert.Equal(Assert.Single(scene.Vault.State.Tokens, t => t.Parent is not null).Accessor, token.Revocation.Handle.Reveal());
        Assert.Equal((VaultRevoker.Lease, token.Id), (lease.Revocation.Kind, lease.CoveredBy));
        Assert.Equal(Assert.Single(scene.Vault.State.Leases).Id, lease.Revocation.Handle.Reveal());
        Assert.Equal(lease.Id, issued.Debt);
    }

    [Fact]
    public async Task IssueAsync_ManyAtOnce_ShareOneToken()
    {
        await using var scene = await VaultScene.StartAsync();
        var provider = scene.Provider();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () => await provider.IssueAsync(scene.Request(), Stop), Stop)));

        Assert.Equal(1, scene.Vault.Count("auth/kubernetes/login"));
        Assert.Equal(1, scene.Vault.Count("auth/token/create"));
        Assert.Single(scene.Ledger.Of(VaultRevoker.TokenAccessor));
        Assert.Equal(32, scene.Ledger.Of(VaultRevoker.Lease).Count());
    }

    [Fact]
    public async Task IssueAsync_OtherTaskOrOtherAgent_HasAnotherToken()
    {
        await using var scene = await VaultScene.StartAsync();

        foreach (var request in new[] { scene.Request("one"), scene.Request("two"), scene.Request("one", agent: "agent-b"), scene.Request("one") })
        {
            await scene.Provider().IssueAsync(request, Stop);
        }

        Assert.Equal(3, scene.Vault.State.Leases.Select(l => l.Token.Accessor).Distinct().Count());
    }

    [Fact]
    public async Task RevokeAsync_TokenOfATask_EndsAllOfItsLeasesAndNoOther()
    {
        await using var scene = await VaultScene.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await scene.Provider().IssueAsync(scene.Request("ends"), Stop);
        }

        await scene.Provider().IssueAsync(scene.Request("goes-on"), Stop);

        Assert.Equal(RevocationOutcome.Confirmed, await scene.RevokeAsync(scene.Ledger.Of(VaultRevoker.TokenAccessor).First()));

        Assert.Equal(1, scene.Vault.Count("auth/token/revoke-accessor"));
        Assert.Equal("goes-on", Assert.Single(scene.Vault.State.LiveLeases).Token.Meta["task"]);

        // Ordered to go, but not gone: of each Vault says so when it is asked.
        Assert.Equal(0, scene.Vault.State.Leases.Count(l => l.IsRevoked));
        foreach (var lease in scene.Ledger.Of(VaultRevoker.Lease).Take(3))
        {
            Assert.Equal(RevocationOutcome.Confirmed, await scene.RevokeAsync(lease));
        }

        Assert.Equal(3, scene.Vault.State.Leases.Count(l => l.IsRevoked));
    }

    [Fact]
    public async Task RevokeAsync_LeaseIsOnlyQueued_IsStillOwed()
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Provider().IssueAsync(scene.Request(), Stop);
        var debt = scene.Ledger.Of(VaultRevoker.Lease).Single();
        scene.Vault.State.QueuesRevocations = true;

        Assert.Equal(RevocationOutcome.Owed, await scene.RevokeAsync(debt));
        scene.Vault.State.QueuesRevocations = false;
        Assert.Equal(RevocationOutcome.Confirmed, await scene.RevokeAsync(debt));

        Assert.All(scene.Vault.State.Leases, l => Assert.True(l.IsRevoked));
    }

    [Fact]
    public async Task RevokeAsync_Twice_IsConfirmedTwice()
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Provider().IssueAsync(scene.Request(), Stop);

        foreach (var (_, debt, _) in scene.Ledger.Debts.Concat(scene.Ledger.Debts))
        {
            Assert.Equal(RevocationOutcome.Confirmed, await scene.RevokeAsync(debt));
        }
    }

    [Fact]
    public async Task RevokeAsync_AfterARestart_EndsTheTokenByItsAccessor()
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Provider().IssueAsync(scene.Request(), Stop);

        // As a process that was killed: nothing was revoked, nothing is remembered but the ledger.
        await using var restarted = new VaultConnection(scene.Settings, scene.Secrets, scene.Clock, scene.Log);
        var provider = new VaultProvider("crm", new VaultCredentialSettings { Path = Path }, restarted, scene.Clock, scene.Log);
        foreach (var (_, debt, _) in scene.Ledger.Debts)
        {
            Assert.Equal(RevocationOutcome.Confirmed, await provider.RevokeAsync(debt, Stop));
        }

        Assert.All(scene.Vault.State.Leases, l => Assert.True(l.IsRevoked));
    }

    [Theory]
    [InlineData("the same", true)]
    [InlineData("a standby first", true)]
    [InlineData("another cluster", false)]
    [InlineData("another namespace", false)]
    public async Task HasIssued_AfterARestart_OnlyWhereItWasIssued(string configured, bool expected)
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Provider().IssueAsync(scene.Request(), Stop);
        var elsewhere = new Uri("https://vault.elsewhere.example:8200");
        await using var restarted = new VaultConnection(
            configured switch
            {
                "the same" => scene.Settings,
                "a standby first" => scene.Settings with { Addresses = [elsewhere, .. scene.Settings.Addresses] },
                "another cluster" => scene.Settings with { Addresses = [elsewhere] },
                _ => scene.Settings with { Namespace = "team-b" },
            },
            scene.Secrets,
            scene.Clock,
            scene.Log);
        var provider = new VaultProvider("crm", new VaultCredentialSettings { Path = Path }, restarted, scene.Clock, scene.Log);

        Assert.Equal(2, scene.Ledger.Debts.Count);
        Assert.All(scene.Ledger.Debts, d => Assert.Equal(expected, provider.HasIssued(d.Revocation)));
        Assert.False(provider.HasIssued(new Revocation("access-token", new SecretValue("x"), null)));
    }

    [Fact]
    public async Task HasIssued_ConnectionHasEnded_IsNobodysToAsk()
    {
        await using var scene = await VaultScene.StartAsync();
        var provider = scene.Provider();
        await provider.IssueAsync(scene.Request(), Stop);

        await scene.Connection.DisposeAsync();

        Assert.All(scene.Ledger.Debts, d => Assert.False(provider.HasIssued(d.Revocation)));
    }

    [Fact]
    public async Task IssueAsync_NoAnswerAfterItWasSent_IsNotRepeatedAndTheOrphanEndsWithTheTask()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.BeforeAnswer = (request, context) =>
        {
            if (request.Path == Path)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(scene.Request(), Stop));

        Assert.StartsWith($"credential 'crm': Vault {scene.Vault.Address.Authority}: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, scene.Vault.Count(Path));
        Assert.Single(scene.Vault.State.LiveLeases);
        Assert.Empty(scene.Ledger.Of(VaultRevoker.Lease));
        await scene.RevokeAsync(scene.Ledger.Of(VaultRevoker.TokenAccessor).Single());
        Assert.Empty(scene.Vault.State.LiveLeases);
    }

    [Fact]
    public async Task IssueAsync_TimesOutAfterItWasSent_IsNotRepeatedAndTheOrphanEndsWithTheTask()
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.ReconnectAsync(s => s with { Timeout = TimeSpan.FromMilliseconds(500) });
        scene.Vault.BeforeAnswer = (request, context) => request.Path == Path ? Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, Stop, TaskContinuationOptions.None, TaskScheduler.Default) : Task.CompletedTask;

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(scene.Request(), Stop));

        Assert.EndsWith("no answer within 0.5 s.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, scene.Vault.Count(Path));
        Assert.Single(scene.Vault.State.LiveLeases);
        await scene.RevokeAsync(scene.Ledger.Of(VaultRevoker.TokenAccessor).Single());
        Assert.Empty(scene.Vault.State.LiveLeases);
    }

    [Fact]
    public async Task IssueAsync_CallerGivesUp_TheTasksTokenIsOwedNevertheless()
    {
        await using var scene = await VaultScene.StartAsync();
        using var giveUp = new CancellationTokenSource();
        scene.Vault.BeforeAnswer = (request, _) => request.Path == "auth/token/create" ? giveUp.CancelAsync() : Task.CompletedTask;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scene.Provider().IssueAsync(scene.Request(), giveUp.Token));

        await Eventually.HoldsAsync(() => scene.Ledger.Debts.Count == 1, "the token was owed");
        scene.Vault.BeforeAnswer = null;
        await scene.Provider().IssueAsync(scene.Request(), Stop);
        Assert.Equal(1, scene.Vault.Count("auth/token/create"));
    }

    [Fact]
    public async Task IssueAsync_TokenRevokedBehindItsBack_IsReplacedOnce()
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Provider().IssueAsync(scene.Request(), Stop);
        scene.Vault.State.Revoke(scene.Vault.State.Tokens.Single(t => t.Parent is not null));

        await scene.Provider().IssueAsync(scene.Request(), Stop);

        Assert.Equal(2, scene.Ledger.Of(VaultRevoker.TokenAccessor).Count());
        Assert.Single(scene.Vault.State.LiveLeases);
        Assert.Contains(scene.Log.Lines, l => l.Id == 3067);
        foreach (var debt in scene.Ledger.Of(VaultRevoker.TokenAccessor))
        {
            Assert.Equal(RevocationOutcome.Confirmed, await scene.RevokeAsync(debt));
        }

        Assert.Empty(scene.Vault.State.LiveLeases);
    }

    [Fact]
    public async Task IssueAsync_TaskHasBeenEnded_MakesNoOtherToken()
    {
        await using var scene = await VaultScene.StartAsync();
        var request = scene.Request();
        await scene.Provider().IssueAsync(request, Stop);
        var debt = scene.Ledger.Of(VaultRevoker.TokenAccessor).Single();

        // Ended while an issuance is under way, which Vault then refuses.
        scene.Vault.BeforeAnswer = async (asked, _) =>
        {
            if (asked.Path == Path)
            {
                await scene.RevokeAsync(debt);
            }
        };
        scene.Vault.Refuse = asked => asked.Path == Path ? FakeVaultAnswer.Error(403, "permission denied") : null;
        await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(request, Stop));
        (scene.Vault.Refuse, scene.Vault.BeforeAnswer) = (null, null);

        await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(request, Stop));
        Assert.Equal(1, scene.Vault.Count("auth/token/create"));
        Assert.Empty(scene.Vault.State.LiveLeases);
    }

    [Fact]
    public async Task IssueAsync_GatewaysTokenRevokedBehindItsBack_LogsInAgain()
    {
        await using var scene = await VaultScene.StartAsync();
        await scene.Provider().IssueAsync(scene.Request(), Stop);
        scene.Vault.State.Revoke(scene.Vault.State.Tokens.Single(t => t.Parent is null));

        await scene.Provider().IssueAsync(scene.Request(), Stop);

        Assert.Equal(2, scene.Vault.Count("auth/kubernetes/login"));
        Assert.Single(scene.Vault.State.LiveLeases);
    }

    [Fact]
    public async Task IssueAsync_PolicyForbids_TokensDoNotPileUp()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.State.Denied.Add(Path);

        for (var i = 0; i < 5; i++)
        {
            var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(scene.Request(), Stop));
            Assert.EndsWith($"answered 403 to GET {Path}: the gateway's token may not do that; check its policies.", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, scene.Vault.Count("auth/token/create"));
    }

    [Fact]
    public async Task IssueAsync_TokenEndsAheadOfItsTask_IsFollowedByAnother()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Vault.State.ChildLife = TimeSpan.FromMinutes(1);
        scene.Vault.State.LeaseLife = TimeSpan.FromHours(1);
        var request = scene.Request();

        var first = await scene.Provider().IssueAsync(request, Stop);
        clock.Advance(TimeSpan.FromMinutes(2));
        await scene.Provider().IssueAsync(request, Stop);

        Assert.Equal(TestClock.Start.AddMinutes(1), first.ExpiresAt);
        Assert.Equal(2, scene.Ledger.Of(VaultRevoker.TokenAccessor).Count());
    }

    [Fact]
    public async Task IssueAsync_LeaseLongerThanTheTask_EndsWithTheTask()
    {
        var clock = new TestClock();
        await using var scene = await VaultScene.StartAsync(clock);
        scene.Vault.State.LeaseLife = TimeSpan.FromHours(10);

        var issued = await scene.Provider().IssueAsync(scene.Request(taskLife: TimeSpan.FromMinutes(5)), Stop);

        Assert.Equal(TestClock.Start.AddMinutes(5), issued.ExpiresAt);
        Assert.All(scene.Ledger.Debts, d => Assert.Equal(TestClock.Start.AddMinutes(5), d.Revocation.ExpiresAt));
        scene.Vault.State.LeaseMaxLife = TimeSpan.FromHours(10);
        Assert.Equal(TestClock.Start.AddMinutes(5), await scene.Provider().RenewAsync(scene.Request(taskLife: TimeSpan.FromMinutes(5), lifetime: TimeSpan.FromHours(5)), issued.Renewal!, Stop));
    }

    [Fact]
    public async Task RenewAsync_AnswerWithoutATime_IsNoRenewal()
    {
        await using var scene = await VaultScene.StartAsync();
        var issued = await scene.Provider().IssueAsync(scene.Request(), Stop);
        scene.Vault.Refuse = r => r.Path == "sys/leases/renew" ? FakeVaultAnswer.Ok(lease: "x", renewable: true) : null;

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().RenewAsync(scene.Request(), issued.Renewal!, Stop));

        Assert.EndsWith("without a time to live.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IssueAsync_TaskHasEnded_AsksNobody()
    {
        await using var scene = await VaultScene.StartAsync();

        await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(scene.Request(taskLife: TimeSpan.Zero), Stop));
        await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(scene.Request() with { TaskExpiresAt = null }, Stop));

        Assert.Empty(scene.Vault.Requests);
    }

    [Fact]
    public async Task IssueAsync_TokenCannotBeRemembered_IsRevokedAndNothingIsIssued()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Ledger.BeforeOwing = _ => throw new CredentialIssueException("The disk is full.");

        var failure = await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(scene.Request(), Stop));

        Assert.Equal("The disk is full.", failure.Message);
        Assert.Equal(0, scene.Vault.Count(Path));
        Assert.True(scene.Vault.State.Tokens.Single(t => t.Parent is not null).IsRevoked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("task-1")]
    public async Task IssueAsync_LeaseCannotBeRemembered_IsRevoked(string task)
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Ledger.BeforeOwing = revocation =>
        {
            if (revocation.Kind == VaultRevoker.Lease)
            {
                throw new CredentialIssueException("The disk is full.");
            }
        };

        await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(scene.Request(task), Stop));

        Assert.True(Assert.Single(scene.Vault.State.Leases).IsRevoked);
    }

    [Fact]
    public async Task IssueAsync_FailedTokenCreation_IsTriedAgainByTheNext()
    {
        await using var scene = await VaultScene.StartAsync();
        scene.Vault.Refuse = r => r.Path == "auth/token/create" ? FakeVaultAnswer.Error(400, "canary") : null;
        await Assert.ThrowsAsync<CredentialIssueException>(async () => await scene.Provider().IssueAsync(scene.Request(), Stop));
        scene.Vault.Refuse = null;

        await scene.Provider().IssueAsync(scene.Request(), Stop);

        Assert.Single(scene.Vault.State.LiveLeases);
    }

    [Fact]
    public async Task IssueAsync_WithoutATask_OwesEachLeaseByItself()
    {
        await using var scene = await VaultScene.StartAsync();

        var issued = await scene.Provider().IssueAsync(scene.Request(task: ""), Stop);

        var (id, debt, coveredBy) = Assert.Single(scene.Ledger.Debts);
        Assert.Equal((VaultRevoker.Lease, null), (debt.Kind, coveredBy));
        Assert.Equal(id, issued.Debt);
        Assert.Equal(0, scene.Vault.Count("auth/token/create"));
        Assert.Equal(RevocationOutcome.Confirmed, await scene.RevokeAsync(debt));
        Assert.Empty(scene.Vault.State.LiveLeases);
    }

    /// <summary>Tasks that begin, issue, fail and end in any order, with connections that break: at the end nothing lives.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Tasks_AnyCourseOfEvents_LeaveNothingBehind(int seed)
    {
        await using var scene = await VaultScene.StartAsync();
        var chance = new Random(seed);
        var gate = new Lock();
        scene.Vault.BeforeAnswer = (request, context) =>
        {
            lock (gate)
            {
                if (request.Path == Path && chance.Next(5) == 0)
                {
                    context.Abort();
                }
                else if (chance.Next(25) == 0 && scene.Vault.State.Tokens.LastOrDefault(t => t.Parent is not null) is { } token)
                {
                    scene.Vault.State.Revoke(token);
                }
            }

            return Task.CompletedTask;
        };

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(
            async () =>
            {
                try
                {
                    await scene.Provider().IssueAsync(scene.Request($"task-{i % 7}"), Stop);
                }
                catch (CredentialIssueException)
                {
                    // Broken connections are part of it.
                }
            },
            Stop)));
        scene.Vault.BeforeAnswer = null;
        foreach (var debt in scene.Ledger.Of(VaultRevoker.TokenAccessor))
        {
            Assert.Equal(RevocationOutcome.Confirmed, await scene.RevokeAsync(debt));
        }

        Assert.NotEmpty(scene.Vault.State.Leases);
        scene.Vault.State.Settle(); // what was orphaned is nobody's to confirm; Vault ends it by itself
        Assert.Empty(scene.Vault.State.LiveLeases);
    }
}
