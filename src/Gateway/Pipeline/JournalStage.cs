using Gateway.Core.Audit;
using Gateway.Core.Audit.UnderWay;

namespace Gateway.Pipeline;

/// <summary>The last gate: nothing is forwarded before what was decided about it would survive the process.</summary>
internal sealed class JournalStage(ICallJournal journal, TimeProvider clock) : ICallStage
{
    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var opening = journal.OpenAsync(CallRecordBuilder.Build(call, clock.GetElapsedTime(call.StartedTimestamp)), cancellationToken);
        return opening.IsCompletedSuccessfully ? new(Conclude(call, opening.Result)) : WaitAsync(call, opening);
    }

    private static async ValueTask<Verdict> WaitAsync(Call call, ValueTask<OpenCall> opening) => Conclude(call, await opening);

    private static Verdict Conclude(Call call, OpenCall open)
    {
        call.Journalled = open;
        return open.IsNone
            ? Verdict.Refuse(Reason.AuditUnavailable, "The call log cannot be written, so no call is forwarded.")
            : Verdict.Continue;
    }
}
