using Gateway.Core.Audit;

namespace Gateway.Tasks;

/// <summary>Signs receipts where that can be done: a task has ended whether somebody signs for it or not.</summary>
internal sealed partial class ReceiptSigner(AuditKeyStore keys, TimeProvider clock, ILogger<ReceiptSigner> logger)
{
    private const string Type = "gateway-receipt+jwt";

    /// <returns>A JWS whose payload is the receipt; null where the audit key is in another system, which does not sign now.</returns>
    public async ValueTask<string?> TrySignAsync(TaskReceipt receipt, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.SignInTimeAsync(Type, TaskJson.Unsigned(receipt), clock, cancellationToken);
        }
        catch (AuditSigningException problem)
        {
            NotSigned(logger, receipt.Task.Id, problem.Message);
            return null;
        }
    }

    [LoggerMessage(1208, LogLevel.Warning, "The receipt of task {Task} could not be signed: {Problem}", EventName = "ReceiptNotSigned")]
    private static partial void NotSigned(ILogger logger, string task, string problem);
}
