using Gateway.Core.Audit;

namespace Gateway.Pipeline;

/// <summary>The last gate: nothing is forwarded while its record could not be written.</summary>
internal sealed class JournalStage(ICallJournal journal) : ICallStage
{
    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken) =>
        new(journal.IsAvailable
            ? Verdict.Continue
            : Verdict.Refuse(Reason.AuditUnavailable, "The call log cannot be written, so no call is forwarded."));
}
