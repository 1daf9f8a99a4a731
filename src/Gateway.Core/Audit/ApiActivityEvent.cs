namespace Gateway.Core.Audit;

/// <summary>The fields of class 6003 API Activity: an agent's call and what was decided about it.</summary>
internal static class ApiActivityEvent
{
    private const int ClassUid = 6003;

    public static void Write(OcsfJson json, CallRecord record)
    {
        var outcome = CallOutcome.Of(record);
        WriteClassification(json, record.Method);
        OcsfCallObjects.WriteTimes(json, record);
        OcsfCallObjects.WriteStatus(json, record, outcome);
        json.Number("action_id"u8, outcome.ActionId);
        json.Literal("action"u8, outcome.ActionId == CallOutcome.Allowed ? "Allowed"u8 : "Denied"u8);
        json.Number("disposition_id"u8, outcome.DispositionId);
        json.Literal("disposition"u8, outcome.DispositionId switch
        {
            1 => "Allowed"u8,
            2 => "Blocked"u8,
            23 => "Challenge"u8,
            24 => "Access Revoked"u8,
            _ => "Error"u8,
        });
        WritePolicies(json, record);
        WriteActor(json, record);
        WriteApi(json, record);
        OcsfCallObjects.WriteHttp(json, record);
        OcsfCallObjects.WriteSource(json, record);
        OcsfCallObjects.WriteDestination(json, record.Destination);
        if (record.TraceId is not null)
        {
            json.StartObject("trace"u8);
            json.Text("uid"u8, record.TraceId, OcsfLimits.Identifier);
            json.EndObject();
        }

        OcsfCallObjects.WriteUnmapped(json, record, isAuthentication: false);
    }

    private static void WriteClassification(OcsfJson json, string method)
    {
        var activity = method switch
        {
            "POST" => 1,
            "GET" or "HEAD" => 2,
            "PUT" or "PATCH" => 3,
            "DELETE" => 4,
            _ => 99,
        };
        json.Number("category_uid"u8, 6);
        json.Number("class_uid"u8, ClassUid);
        json.Number("activity_id"u8, activity);
        json.Number("type_uid"u8, (ClassUid * 100) + activity);

        // For 99 OCSF wants the source's own word instead of a caption.
        json.Text("activity_name"u8, activity switch { 1 => "Create", 2 => "Read", 3 => "Update", 4 => "Delete", _ => method }, OcsfLimits.Token);
    }

    private static void WritePolicies(OcsfJson json, CallRecord record)
    {
        if (record.Decision is null && record.Policies.Count == 0)
        {
            return;
        }

        json.StartObject("policy"u8);
        if (record.Policies.Count > 0)
        {
            json.Text("uid"u8, record.Policies[0], OcsfLimits.Identifier);
        }
        else
        {
            // OCSF wants an id or a name, and none of our policies determined the decision.
            json.Literal("name"u8, record.Decision == "deny" ? "default deny"u8 : "none"u8);
        }

        WritePolicyVersion(json, record);
        json.EndObject();
        if (record.Policies.Count == 0)
        {
            return;
        }

        json.StartArray("authorizations"u8);
        for (var index = 0; index < json.CountWithinLimit(record.Policies); index++)
        {
            json.StartObject();
            json.Text("decision"u8, record.Decision ?? "unknown", OcsfLimits.Token);
            json.StartObject("policy"u8);
            json.Text("uid"u8, record.Policies[index], OcsfLimits.Identifier);
            WritePolicyVersion(json, record);
            json.EndObject();
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WritePolicyVersion(OcsfJson json, CallRecord record)
    {
        json.Text("version"u8, record.PolicyVersion, OcsfLimits.Identifier);
        json.Flag("is_applied"u8, record.PolicyMode is null or "enforce");
    }

    private static void WriteActor(OcsfJson json, CallRecord record)
    {
        json.StartObject("actor"u8);
        if (record.Agent is null)
        {
            json.Literal("app_name"u8, "unidentified"u8);
        }
        else
        {
            json.Text("app_uid"u8, record.Agent, OcsfLimits.Agent);
            if (record.User is not null)
            {
                json.StartObject("user"u8);
                json.Text("uid"u8, record.User, OcsfLimits.Agent);
                json.Number("type_id"u8, 1);
                json.Literal("type"u8, "User"u8);
                json.EndObject();
            }

            json.StartObject("session"u8);
            json.Text("uid"u8, record.Task, OcsfLimits.Identifier);
            json.Text("issuer"u8, record.Issuer, OcsfLimits.Text);
            json.Text("credential_uid"u8, record.TokenId, OcsfLimits.Identifier);
            json.Time("created_time"u8, record.TokenIssuedAt);
            json.Time("expiration_time"u8, record.TokenExpiresAt);
            json.EndObject();
        }

        json.EndObject();
    }

    private static void WriteApi(OcsfJson json, CallRecord record)
    {
        json.StartObject("api"u8);

        // The action's id of a request that matches no operation ends in its method.
        json.Text("operation"u8, record.Operation ?? record.Method, OcsfLimits.Identifier);
        if (record.Tool is not null)
        {
            json.StartObject("service"u8);
            json.Text("name"u8, record.Tool, OcsfLimits.Identifier);
            json.Texts("labels"u8, record.ToolLabels, OcsfLimits.Identifier);
            json.EndObject();
        }

        json.StartObject("request"u8);
        json.Text("uid"u8, record.Call, OcsfLimits.Identifier);
        json.EndObject();
        if (record.Status != CallRecord.UnknownStatus)
        {
            json.StartObject("response"u8);
            json.Number("code"u8, record.Status);
            json.Text("error"u8, record.Reason, OcsfLimits.Identifier);
            json.EndObject();
        }

        if (record.Lease is not null)
        {
            json.StartObject("token"u8);
            json.Text("uid"u8, record.Lease, OcsfLimits.Identifier);
            json.Number("type_id"u8, 7);
            json.Literal("type"u8, "API Token"u8);
            json.Time("created_time"u8, record.LeaseIssuedAt);
            json.Time("expiration_time"u8, record.LeaseExpiresAt);
            json.EndObject();
        }

        json.EndObject();
    }
}
