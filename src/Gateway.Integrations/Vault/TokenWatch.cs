using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>Keeps the gateway's own token alive: renewed ahead of its end, obtained anew when it cannot be.</summary>
/// <param name="login">Whose token.</param>
/// <param name="client">Talks to Vault.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">For what an operator must know.</param>
/// <param name="stopping">Ends the watch.</param>
internal sealed class TokenWatch(SharedLogin login, VaultClient client, TimeProvider clock, ILogger logger, CancellationToken stopping)
{
    /// <summary>How often to look whether Vault serves again after it did not.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    /// <summary>Goes on until the stop; nothing is thrown.</summary>
    public async Task RunAsync()
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var wait = ProbeInterval;
            try
            {
                wait = await LookAsync();
                failures = 0;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong, the watch over the token must go on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                login.Report(failure is VaultException ? failure.Message : $"The token could not be kept current ({failure.GetType().Name}).");
                wait = Pause(failures++);
            }

            await Task.Delay(wait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>When to look again.</returns>
    private async Task<TimeSpan> LookAsync()
    {
        var now = clock.GetUtcNow();
        var token = login.Token;
        if (token is null || !token.IsLive(now) || (token.RenewAt <= now && token.IsFinal))
        {
            token = await login.ReplaceAsync(token);
        }
        else if (token.RenewAt <= now && !await TryProlongAsync(token))
        {
            await login.ReplaceAsync(token);
        }
        else if (client.Contact is { Problem: not null })
        {
            await client.ProbeAsync(stopping);
        }

        foreach (var former in login.FormerDue())
        {
            if (!await TryProlongAsync(former))
            {
                former.MarkFinal();
            }
        }

        var wait = token.RenewAt is { } due ? due - clock.GetUtcNow() : ProbeInterval;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < ProbeInterval ? wait : ProbeInterval;
    }

    /// <returns>False where Vault does not renew it any more.</returns>
    private async Task<bool> TryProlongAsync(VaultToken token)
    {
        var request = VaultRequest.Post("auth/token/renew-self", VaultEffect.Repeatable, new JsonObject { ["increment"] = $"{(long)token.Life.TotalSeconds}s" });
        var askedAt = clock.GetUtcNow();
        var answer = await client.SendAsync(request, token.Value, stopping);
        if (answer.Status is 400 or 403)
        {
            return false;
        }

        if (!answer.Succeeded)
        {
            throw answer.Refuse(request);
        }

        // What can be renewed has an end.
        token.Prolong(VaultAnswer.Seconds(answer.Auth, "lease_duration") ?? throw answer.Misses(request, "without a time to live"), askedAt);
        VaultLog.TokenRenewed(logger);
        login.Report(null);
        return true;
    }

    /// <summary>The doubled wait after each failure, a little at random.</summary>
    private static TimeSpan Pause(int failures)
    {
        var pause = FirstRetry * Math.Pow(2, Math.Min(failures, 10));
        return (pause < LastRetry ? pause : LastRetry) * (0.5 + (0.5 * Random.Shared.NextDouble()));
    }
}
