using System.Text.Json;
using Gateway.Core.Credentials;
using Gateway.Core.Policy;
using Gateway.Integrations.Secrets;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.DecisionPoints;

/// <summary>One configured policy decision point and how it fares. Whatever goes wrong with it is a deny.</summary>
/// <remarks>
/// Only what keeps requests waiting in vain stops the asking for a while: a request that is not answered in time, a connection that
/// does not come about. An answer of whatever kind does not, or an agent that finds a way to provoke errors could have all
/// others denied.
/// </remarks>
internal sealed class DecisionPoint(
    DecisionPointSettings settings, DecisionPointClient client, ISecretSource secrets, TimeProvider clock, ILogger<DecisionPoint> logger)
{
    /// <summary>How many calls may wait for an answer. More wait only where answers take far too long.</summary>
    public const int MaximumPending = 1024;

    private const string Malformed = "The policy decision point's answer is not what its protocol demands.";
    private const string NotAsked = "The policy decision point has not been answering, and is asked again in a moment.";
    private const string Overloaded = "More calls wait for the policy decision point than it answers.";
    private const string NoToken = "The token for the policy decision point cannot be read.";

    private readonly CircuitBreaker _breaker = new(clock);
    private readonly HeaderSecret? _token = settings.Token is { } reference ? new(reference, secrets, clock) : null;
    private string? _problem;
    private int _pending;

    /// <summary>Why the last question brought no decision, in our words; null where it did.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <param name="question">The request's body.</param>
    /// <param name="callId">The call's id.</param>
    /// <param name="read">Makes a decision of the answer, a JSON object; null where it is not one of the protocol's.</param>
    /// <param name="cancellationToken">The agent's patience.</param>
    /// <exception cref="OperationCanceledException">The agent has gone.</exception>
    public async ValueTask<Decision> AskAsync(byte[] question, string callId, Func<JsonElement, Decision?> read, CancellationToken cancellationToken)
    {
        if (!_breaker.TryEnter())
        {
            return Faulty(NotAsked);
        }

        try
        {
            return Interlocked.Increment(ref _pending) > MaximumPending
                ? Faulty(Overloaded)
                : Conclude(await ExchangeAsync(question, callId, cancellationToken), read);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    private async ValueTask<DecisionPointReply> ExchangeAsync(byte[] question, string callId, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(settings.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            var token = _token is null ? null : await _token.ReadAsync(either.Token);
            return await client.PostAsync(settings.Endpoint, question, token, callId, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The other limit is the handler's, for connecting.
            return DecisionPointReply.Unreached(timeLimit.IsCancellationRequested
                ? FormattableString.Invariant($"The policy decision point did not answer within {settings.Timeout.TotalSeconds} s.")
                : DecisionPointReply.NoConnection);
        }
        catch (SecretUnavailableException)
        {
            return DecisionPointReply.Unusable(NoToken);
        }
    }

    private Decision Conclude(DecisionPointReply reply, Func<JsonElement, Decision?> read)
    {
        if (reply.Reached)
        {
            _breaker.Succeeded();
        }
        else
        {
            _breaker.Failed();
        }

        var decision = reply.Fault is null ? read(reply.Document) : null;
        var fault = reply.Fault ?? (decision is null ? Malformed : null);
        Report(fault);
        return decision ?? Faulty(fault ?? Malformed);
    }

    private void Report(string? fault)
    {
        if (Problem == fault)
        {
            return;
        }

        // Logged is where failing begins and ends, not each way of it.
        var former = Interlocked.Exchange(ref _problem, fault);
        if (former is null && fault is not null)
        {
            DecisionPointLog.Fails(logger, settings.Endpoint.Authority, fault);
        }
        else if (former is not null && fault is null)
        {
            DecisionPointLog.Recovered(logger, settings.Endpoint.Authority);
        }
    }

    private static Decision Faulty(string fault) => new()
    {
        Errors = [fault],
        Explanation = fault,
        Advice = "Policy cannot be asked at the moment, so the call is denied; try again later.",
    };
}
