namespace Gateway.Core.Audit;

/// <summary>Writes a record as one line of OCSF 1.8.0: class 6003 API Activity, 3002 Authentication where identity was refused, or 3004 Entity Management.</summary>
/// <remarks>Not for concurrent use. Output is ASCII: whatever else a value holds is escaped, so that no value can end a line or forge one.</remarks>
internal sealed class OcsfCallWriter(LineBuffer output, string productVersion)
{
    private readonly OcsfJson _json = new(output);

    /// <summary>Where in the output the last event has room for its value in the chain.</summary>
    public int ChainAt => _json.ChainAt;

    /// <summary>Appends the event and a line feed to the output.</summary>
    public void Write(CallRecord record, long sequence, DateTimeOffset loggedAt)
    {
        _json.Begin();
        var refusedIdentity = record.Reason is CallOutcome.IdentityMissing or CallOutcome.IdentityInvalid or CallOutcome.ProofRequired;
        if (refusedIdentity)
        {
            AuthenticationEvent.Write(_json, record);
        }
        else
        {
            ApiActivityEvent.Write(_json, record);
        }

        WriteMetadata(record, record.TraceId is not null, sequence, loggedAt, isCall: !refusedIdentity);
        End();
    }

    /// <inheritdoc cref="Write(CallRecord, long, DateTimeOffset)"/>
    public void Write(EntityEvent record, long sequence, DateTimeOffset loggedAt)
    {
        _json.Begin();
        EntityManagementEvent.Write(_json, record);
        WriteMetadata(record, isTraced: false, sequence, loggedAt, isCall: false);
        End();
    }

    private void End()
    {
        _json.EndObject();
        output.Append((byte)'\n');
    }

    /// <summary>What belongs together: all of a task, else all of a call.</summary>
    private static string? CauseOf(AuditRecord record) => record switch
    {
        EntityEvent entity => entity.Task ?? entity.Call,
        CallRecord call => call.Task,
        _ => null,
    };

    /// <summary>Comes last, when it is known whether a value had to be cut.</summary>
    private void WriteMetadata(AuditRecord record, bool isTraced, long sequence, DateTimeOffset loggedAt, bool isCall)
    {
        _json.StartObject("metadata"u8);
        _json.Literal("version"u8, "1.8.0"u8);
        _json.Text("uid"u8, record.Uid, OcsfLimits.Identifier);
        _json.Text("correlation_uid"u8, CauseOf(record), OcsfLimits.Identifier);
        _json.Number("sequence"u8, sequence);
        if (isCall)
        {
            _json.StartArray("profiles"u8);
            _json.LiteralItem("security_control"u8);
            if (isTraced)
            {
                _json.LiteralItem("trace"u8);
            }

            _json.EndArray();
        }

        _json.StartObject("product"u8);
        _json.Literal("name"u8, "Gateway"u8);
        _json.Text("version"u8, productVersion, OcsfLimits.Identifier);
        _json.EndObject();
        _json.Literal("log_name"u8, "calls"u8);
        _json.Time("logged_time"u8, loggedAt);
        if (_json.Truncated)
        {
            _json.Flag("is_truncated"u8, true);
        }

        _json.EndObject();
    }
}
