using Gateway.Core.Audit;
using Gateway.Core.Credentials;

namespace Gateway.Hosting;

/// <summary>Puts what happens to leases into the call log, as OCSF class 3004.</summary>
internal sealed class LeaseJournal(ICallJournal journal) : ILeaseJournal
{
    private const int Informational = 1;
    private const int Low = 2;
    private const int High = 4;

    public void Record(LeaseEvent lease) => journal.Record(new EntityEvent
    {
        Id = Guid.CreateVersion7(lease.At).ToString(),
        At = lease.At,
        Activity = lease.Kind switch
        {
            LeaseEventKind.Issued => EntityActivity.Create,
            LeaseEventKind.Renewed => EntityActivity.Update,
            _ => EntityActivity.Delete,
        },
        Type = EntityEvent.LeaseType,
        Entity = lease.Lease,
        Name = lease.Key.Credential,
        Task = lease.Key.Task.Length > 0 ? lease.Key.Task : null,
        Actor = lease.By,
        Succeeded = IsDone(lease),
        Severity = IsDone(lease) ? Informational : lease.Revocation == LeaseRevocation.Queued ? Low : High,
        StatusDetail = lease.Kind == LeaseEventKind.Revoked ? Name(lease.Revocation) : null,
        Message = lease.Detail,
        Data = [.. Data(lease)],
    });

    /// <summary>The name in the log, in receipts and in listings.</summary>
    public static string Name(LeaseRevocation revocation) => revocation switch
    {
        LeaseRevocation.Confirmed => "confirmed",
        LeaseRevocation.Unsupported => "unsupported",
        LeaseRevocation.Failed => "failed",
        _ => "queued",
    };

    private static bool IsDone(LeaseEvent lease) =>
        lease.Kind != LeaseEventKind.Revoked || lease.Revocation is LeaseRevocation.Confirmed or LeaseRevocation.Unsupported;

    private static IEnumerable<KeyValuePair<string, object>> Data(LeaseEvent lease)
    {
        (string Name, object? Value)[] all =
        [
            ("agent", lease.Key.Agent),
            ("tool", lease.Key.Tool),
            ("scope", lease.Key.Scope.Length > 0 ? lease.Key.Scope : null),
            ("secret_fingerprint", lease.Fingerprint),
            ("issued_at", lease.IssuedAt),
            ("expires_at", lease.ExpiresAt),
            ("revocable", lease.Revocable),
            ("uses", lease.Uses),
            ("revoke_result", lease.Kind == LeaseEventKind.Revoked ? Name(lease.Revocation) : null),
            ("residual_expiry", lease.Kind == LeaseEventKind.Revoked ? lease.ResidualExpiry : null),
        ];
        return from entry in all where entry.Value is not null select KeyValuePair.Create(entry.Name, entry.Value);
    }
}
