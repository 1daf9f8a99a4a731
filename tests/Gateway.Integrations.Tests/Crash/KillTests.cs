using System.Diagnostics;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Tests.Crash;

/// <summary>A process is killed at random moments. Whatever it used is revoked by the next one, and the accounts are true.</summary>
public sealed class KillTests
{
    /// <summary>A process does many things at once, so that each kill interrupts many of them, each at a moment of its own.</summary>
    private const int Interrupted = 50;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_BetweenIssueAndFirstUse_ForgetsNothingThatWasUsed()
    {
        var unused = 0;
        for (var round = 0; round < 8 || (unused < Interrupted && round < 40); round++)
        {
            await using var issuer = await CrashIssuer.StartAsync(Cancellation);
            issuer.Slowness = 3;
            await KillAndVerifyAsync(issuer, () => Task.Delay(Random.Shared.Next(80), Cancellation), $"round {round}");
            unused += issuer.Issued.Keys.Except(issuer.Used.Keys).Count();
        }

        Assert.True(unused >= Interrupted, $"only {unused}");
    }

    [Fact]
    public async Task Kill_DuringRevocation_RevokesTheRestWithoutAnError()
    {
        var revoking = 0;
        for (var round = 0; round < 8 || (revoking < Interrupted && round < 40); round++)
        {
            await using var issuer = await CrashIssuer.StartAsync(Cancellation);
            issuer.RevocationSlowness = 400;
            await KillAndVerifyAsync(
                issuer,
                async () =>
                {
                    await issuer.RevocationBegun.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
                    await Task.Delay(Random.Shared.Next(50, 400), Cancellation);
                    revoking += issuer.Revoking;
                },
                $"round {round}");
        }

        Assert.True(revoking >= Interrupted, $"only {revoking}");
    }

    [Fact]
    public async Task Kill_WhileTheIssuerIsDown_RevokesWhenItIsBack()
    {
        var owed = 0;
        for (var round = 0; round < 4 || (owed < Interrupted && round < 20); round++)
        {
            await using var issuer = await CrashIssuer.StartAsync(Cancellation);
            issuer.IsDown = true;
            await KillAndVerifyAsync(issuer, () => Task.Delay(Random.Shared.Next(80), Cancellation), $"round {round}");
            owed += issuer.Used.Count;
        }

        Assert.True(owed >= Interrupted, $"only {owed}");
    }

    private static async Task KillAndVerifyAsync(CrashIssuer issuer, Func<Task> moment, string round)
    {
        var data = Directory.CreateTempSubdirectory("gateway-kill-").FullName;
        try
        {
            using (var process = HarnessProcess.Start(LeaseHarness.Verb, data, issuer.Url.AbsoluteUri))
            {
                await process.WaitUntilReadyAsync(Cancellation);
                await moment();
                process.Kill();
            }

            await issuer.QuietAsync(Cancellation);
            issuer.IsDown = false;
            (issuer.Slowness, issuer.RevocationSlowness) = (0, 0);
            await VerifyAsync(data, issuer, round);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task VerifyAsync(string data, CrashIssuer issuer, string round)
    {
        await using var parts = new LeaseParts(data, issuer.Url);
        await parts.StartAsync(Cancellation);
        var watch = Stopwatch.StartNew();
        while (parts.Book.Owed() is { Count: > 0 } owed)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{round}: {owed.Count} revocations are not done: {owed[0].Problem}");
            await Task.Delay(2, Cancellation);
        }

        var forgotten = issuer.Used.Keys.Except(issuer.Revoked.Keys).ToList();
        Assert.True(forgotten.Count == 0, $"{round}: {forgotten.Count} credentials were used and not revoked.");
        Assert.Empty(issuer.Faults);
        Assert.All(issuer.Revoked.Values, times => Assert.InRange(times, 1, 2)); // the second by the process that could not know
        await AssertAccountsAsync(parts, issuer, round);
    }

    private static async Task AssertAccountsAsync(LeaseParts parts, CrashIssuer issuer, string round)
    {
        foreach (var task in issuer.Used.Values.GroupBy(u => u.Task))
        {
            var accounts = (await parts.Store.AccountsAsync(task.Key, Cancellation)).ToDictionary(a => a.Id);
            foreach (var use in task)
            {
                Assert.True(accounts.TryGetValue(use.Lease, out var account), $"{round}: a lease was used that has no account.");
                Assert.Equal(LeaseRevocation.Confirmed, account.Revocation);
                Assert.NotNull(account.EndedAt);
                Assert.True(account.UsesAreExact ? account.Uses >= use.Count : account.Uses <= use.Count, $"{round}: the account says {account.Uses} uses of {use.Count}.");
            }
        }
    }
}
