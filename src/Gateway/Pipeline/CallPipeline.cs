using System.Diagnostics;
using Gateway.Core.Audit;
using Gateway.Hosting;
using Gateway.Tasks;
using Gateway.Telemetry;

namespace Gateway.Pipeline;

/// <summary>Runs a call through its stages. The first refusal ends it; every call yields exactly one record.</summary>
internal sealed partial class CallPipeline(
    IReadOnlyList<ICallStage> stages,
    SnapshotSource snapshots,
    ICallJournal journal,
    CallTelemetry telemetry,
    DenialPolicy denials,
    TimeProvider clock,
    ILogger<CallPipeline> logger)
{
    private static readonly Refusal NoJournal = new(Reason.AuditUnavailable, "The call log cannot be written, so no call is accepted.");

    public async Task InvokeAsync(HttpContext context)
    {
        var now = clock.GetUtcNow();
        var call = new Call
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Http = context,
            StartedAt = now,
            StartedTimestamp = clock.GetTimestamp(),
            Snapshot = snapshots.Current,
        };
        context.Features.Set(call);
        if (!journal.TryAdmit())
        {
            call.Refusal = NoJournal;
            await ProblemWriter.WriteAsync(context.Response, call.Id, NoJournal, []);
            telemetry.Ended(call);
            return;
        }

        try
        {
            await RunAsync(call);
        }
        finally
        {
            journal.Record(CallRecordBuilder.Build(call, clock.GetElapsedTime(call.StartedTimestamp)), call.Journalled);
            telemetry.Ended(call);
        }
    }

    private async Task RunAsync(Call call)
    {
        var context = call.Http;
        context.Response.Headers[GatewayHeaders.Call] = call.Id;
        try
        {
            call.Refusal = await DecideAsync(call);
        }
        catch (OperationCanceledException) when (call.Scope?.Cut is { } cut && !context.RequestAborted.IsCancellationRequested)
        {
            call.Refusal = cut;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            call.Interruption = "The agent closed the connection before the call was decided.";
            return;
        }
        catch (BadHttpRequestException exception)
        {
            // Reading the body showed it. The agent's fault: no error of the gateway is to be had in its log by sending rubbish.
            call.Refusal = exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new Refusal(Reason.RequestTooLarge, "The request's body is larger than the gateway accepts.")
                : new Refusal(Reason.RequestMalformed, "The request's body broke off or was malformed.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever went wrong is the gateway's fault and the agent's answer must not quote it.
            StageFailed(logger, exception, call.Id);
            call.Refusal = default(Verdict).Refusal;
        }
        finally
        {
            call.Scope?.Dispose();
        }

        if (call.Refusal is { } refusal && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await AnswerAsync(call, refusal);
        }
        else if (call.Refusal is not null)
        {
            context.Abort();
        }
    }

    private async ValueTask<Refusal?> DecideAsync(Call call)
    {
        foreach (var stage in stages)
        {
            var verdict = await telemetry.RunAsync(stage, call, call.Scope?.Stop ?? call.Http.RequestAborted);
            if (verdict.Refusal is { } refusal)
            {
                if (refusal.Reason == Reason.PolicyDenied)
                {
                    denials.Count(call);
                }

                return refusal;
            }

            if (verdict.IsAnswered)
            {
                break;
            }
        }

        return null;
    }

    private static async Task AnswerAsync(Call call, Refusal refusal)
    {
        try
        {
            await ProblemWriter.WriteAsync(call.Http.Response, call.Id, refusal, call.Decision?.Permitted == false ? call.Decision.Policies : []);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The agent is gone; the record says what was decided.
            Debug.Assert(call.Refusal is not null, "Only refusals are answered here.");
        }
    }

    [LoggerMessage(1000, LogLevel.Error, "Call {Call} was refused because of a fault of the gateway", EventName = "StageFailed")]
    private static partial void StageFailed(ILogger logger, Exception exception, string call);
}
