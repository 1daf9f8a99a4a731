namespace Gateway.Core.Audit;

/// <summary>The fields of class 3002 Authentication: a call whose agent could not be established.</summary>
/// <remarks>The class has neither the security_control nor the trace profile; what belongs there goes to <c>unmapped</c>.</remarks>
internal static class AuthenticationEvent
{
    private const int ClassUid = 3002;
    private const int Logon = 1;
    private const int OtherProtocol = 99;

    public static void Write(OcsfJson json, CallRecord record)
    {
        json.Number("category_uid"u8, 3);
        json.Number("class_uid"u8, ClassUid);
        json.Number("activity_id"u8, Logon);
        json.Number("type_uid"u8, (ClassUid * 100) + Logon);
        json.Literal("activity_name"u8, "Logon"u8);
        OcsfCallObjects.WriteTimes(json, record);
        OcsfCallObjects.WriteStatus(json, record, CallOutcome.Of(record));
        if (record.IdentityMethod is not null)
        {
            json.Number("auth_protocol_id"u8, OtherProtocol);
            json.Text("auth_protocol"u8, record.IdentityMethod, OcsfLimits.Token);
        }

        WriteToken(json, record);
        WriteUser(json, record);
        json.StartObject("service"u8);
        json.Literal("name"u8, "Gateway"u8);
        json.EndObject();
        OcsfCallObjects.WriteHttp(json, record);
        OcsfCallObjects.WriteSource(json, record);
        OcsfCallObjects.WriteDestination(json, record.Destination);
        OcsfCallObjects.WriteUnmapped(json, record, isAuthentication: true);
    }

    private static void WriteToken(OcsfJson json, CallRecord record)
    {
        if (record.TokenId is null)
        {
            return;
        }

        json.StartObject("authentication_token"u8);
        json.Text("uid"u8, record.TokenId, OcsfLimits.Identifier);
        json.Time("created_time"u8, record.TokenIssuedAt);
        json.Time("expiration_time"u8, record.TokenExpiresAt);
        json.EndObject();
    }

    /// <summary>As everywhere in this class, the user is who the caller claims to be: nothing vouches for it.</summary>
    private static void WriteUser(OcsfJson json, CallRecord record)
    {
        json.StartObject("user"u8);
        if ((record.Agent ?? record.ClaimedAgent) is { } user)
        {
            json.Text("uid"u8, user, OcsfLimits.Agent);
        }
        else
        {
            json.Literal("name"u8, "unknown"u8);
        }

        json.EndObject();
    }
}
