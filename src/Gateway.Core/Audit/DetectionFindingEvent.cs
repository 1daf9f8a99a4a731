namespace Gateway.Core.Audit;

/// <summary>The fields of class 2004 Detection Finding.</summary>
internal static class DetectionFindingEvent
{
    private const int ClassUid = 2004;
    private const int Created = 1;
    private const int Rule = 1;
    private const int Low = 2;
    private const int Medium = 3;
    private const int High = 4;
    private const int Critical = 5;

    public static void Write(OcsfJson json, AlertEvent record)
    {
        var (name, title, severity) = Describe(record.Kind);
        json.Number("category_uid"u8, 2);
        json.Number("class_uid"u8, ClassUid);
        json.Number("activity_id"u8, Created);
        json.Number("type_uid"u8, (ClassUid * 100) + Created);
        json.Literal("activity_name"u8, "Create"u8);
        json.Time("time"u8, record.At);
        json.Number("severity_id"u8, severity);
        json.Number("status_id"u8, 1);
        json.Literal("status"u8, "New"u8);
        json.Flag("is_alert"u8, true);
        json.Number("count"u8, Math.Min(record.Suppressed + 1, int.MaxValue));
        json.Text("message"u8, record.Detail ?? title, OcsfLimits.Text);
        json.StartObject("finding_info"u8);
        json.Text("uid"u8, record.Id, OcsfLimits.Identifier);
        json.Text("title"u8, title, OcsfLimits.Text);
        json.Text("desc"u8, record.Detail, OcsfLimits.Text);
        json.Time("created_time"u8, record.At);
        json.StartObject("analytic"u8);
        json.Text("uid"u8, name, OcsfLimits.Identifier);
        json.Number("type_id"u8, Rule);
        json.Literal("type"u8, "Rule"u8);
        json.EndObject();
        if (record.Cause is not null)
        {
            json.StartArray("related_events"u8);
            json.StartObject();
            json.Text("uid"u8, record.Cause, OcsfLimits.Identifier);
            json.EndObject();
            json.EndArray();
        }

        json.EndObject();
        WriteEvidence(json, record);
        WriteResources(json, record);
        json.StartObject("unmapped"u8);
        json.StartObject("gateway"u8);
        json.Text("alert"u8, name, OcsfLimits.Identifier);
        json.Text("claimed_agent"u8, record.ClaimedAgent, OcsfLimits.Agent);
        json.Number("suppressed"u8, record.Suppressed);
        json.ChainValue();
        json.EndObject();
        json.EndObject();
    }

    private static void WriteEvidence(OcsfJson json, AlertEvent record)
    {
        json.StartArray("evidences"u8);
        json.StartObject();
        json.StartObject("actor"u8);
        json.Text("app_uid"u8, record.Agent, OcsfLimits.Agent);
        if (record.Agent is null)
        {
            json.Literal("app_name"u8, "unidentified"u8);
        }

        if (record.Task is not null)
        {
            json.StartObject("session"u8);
            json.Text("uid"u8, record.Task, OcsfLimits.Identifier);
            json.EndObject();
        }

        json.EndObject();
        if (record.Operation is not null)
        {
            json.StartObject("api"u8);
            json.Text("operation"u8, record.Operation, OcsfLimits.Identifier);
            json.EndObject();
        }

        if (record.SourceIp is { } source)
        {
            json.StartObject("src_endpoint"u8);
            json.Address("ip"u8, source);
            json.EndObject();
        }

        json.EndObject();
        json.EndArray();
    }

    private static void WriteResources(OcsfJson json, AlertEvent record)
    {
        if (record is { Tool: null, Credential: null, Lease: null })
        {
            return;
        }

        json.StartArray("resources"u8);
        WriteResource(json, "Tool"u8, "name"u8, record.Tool);
        WriteResource(json, "Credential"u8, "name"u8, record.Credential);
        WriteResource(json, "Ephemeral Credential"u8, "uid"u8, record.Lease);
        json.EndArray();
    }

    private static void WriteResource(OcsfJson json, ReadOnlySpan<byte> type, ReadOnlySpan<byte> member, string? value)
    {
        if (value is not null)
        {
            json.StartObject();
            json.Literal("type"u8, type);
            json.Text(member, value, OcsfLimits.Identifier);
            json.EndObject();
        }
    }

    private static (string Name, string Title, int Severity) Describe(AlertKind kind) => kind switch
    {
        AlertKind.ForgedIdentity => ("forged_identity", "An identity was forged", High),
        AlertKind.ReplayedIdentity => ("replayed_identity", "An identity was used by somebody else or a second time", High),
        AlertKind.Deviation => ("deviation", "An agent deviated from its task", High),
        AlertKind.DenialBurst => ("denial_burst", "An agent was denied many calls within a minute", Medium),
        AlertKind.ExpiringSecret => ("expiring_secret", "A long-lived secret is in use and ends soon", Low),
        AlertKind.LogBroken => ("log_broken", "The call log was changed by somebody else", Critical),
        AlertKind.IrrevocableLease => ("irrevocable_lease", "A lease could not be revoked", High),
        AlertKind.CanaryTouched => ("canary_touched", "A tool was called that no agent has a reason to call", Critical),
        _ => ("unspecified", "Something is wrong", High),
    };
}
