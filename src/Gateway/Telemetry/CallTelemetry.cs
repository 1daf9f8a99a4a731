using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json;
using Gateway.Pipeline;

namespace Gateway.Telemetry;

/// <summary>Measures calls and their stages, where anybody listens; costs nothing where nobody does.</summary>
internal sealed class CallTelemetry(IReadOnlyList<ICallStage> stages, CallMetrics metrics, TimeProvider clock)
{
    /// <summary>The stages with a span of their own: those that may wait for somebody else.</summary>
    private static readonly FrozenSet<string> Traced = new[] { "identify", "authorize", "acquire", "journal", "forward" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenDictionary<Type, string> _names = stages.Select(stage => stage.GetType()).Distinct().ToFrozenDictionary(type => type, NameOf);

    /// <summary>Runs a stage.</summary>
    public ValueTask<Verdict> RunAsync(ICallStage stage, Call call, CancellationToken cancellationToken) =>
        metrics.TimesStages || Tracing.Source.HasListeners() ? WatchAsync(stage, call, cancellationToken) : stage.RunAsync(call, cancellationToken);

    /// <summary>Notes a call that is over and answered.</summary>
    public void Ended(Call call)
    {
        if (metrics.CountsCalls)
        {
            metrics.Called(
                call.Tool?.Name,
                call.Decision is { } decision ? decision.Permitted ? "allow" : "deny" : "none",
                call.Refusal?.Reason.Name() ?? (call.Interruption is null ? null : "interrupted"));
        }

        CallSpans.DescribeCall(call);
    }

    private async ValueTask<Verdict> WatchAsync(ICallStage stage, Call call, CancellationToken cancellationToken)
    {
        var name = _names[stage.GetType()];
        using var span = Traced.Contains(name) ? Tracing.Source.StartActivity(name, name == "forward" ? ActivityKind.Client : ActivityKind.Internal) : null;
        var started = clock.GetTimestamp();
        try
        {
            var verdict = await stage.RunAsync(call, cancellationToken);
            CallSpans.DescribeStage(span, name, call, verdict);
            return verdict;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The kind alone: what an exception says may quote anything.
            span?.SetTag("error.type", exception.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            metrics.Staged(name, clock.GetElapsedTime(started));
        }
    }

    /// <summary>"agent_api" of AgentApiStage.</summary>
    private static string NameOf(Type stage) => JsonNamingPolicy.SnakeCaseLower.ConvertName(stage.Name.EndsWith("Stage", StringComparison.Ordinal) ? stage.Name[..^5] : stage.Name);
}
