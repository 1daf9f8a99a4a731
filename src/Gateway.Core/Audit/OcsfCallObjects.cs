using System.Globalization;
using System.Net;

namespace Gateway.Core.Audit;

/// <summary>The objects that a call has in either event class.</summary>
internal static class OcsfCallObjects
{
    public static void WriteTimes(OcsfJson json, CallRecord record)
    {
        var start = record.StartedAt.ToUnixTimeMilliseconds();
        var duration = (long)record.Duration.TotalMilliseconds;
        json.Number("time"u8, start);
        json.Number("start_time"u8, start);
        json.Number("end_time"u8, start + duration);
        json.Number("duration"u8, duration);
    }

    public static void WriteStatus(OcsfJson json, CallRecord record, CallOutcome outcome)
    {
        json.Number("severity_id"u8, outcome.SeverityId);
        json.Number("status_id"u8, outcome.Succeeded switch { true => 1, false => 2, null => 0 });
        json.Literal("status"u8, outcome.Succeeded switch { true => "Success"u8, false => "Failure"u8, null => "Unknown"u8 });
        json.Text("status_code"u8, record.Reason ?? StatusCode(record.Status), OcsfLimits.Identifier);
        json.Text("status_detail"u8, record.Detail, OcsfLimits.Text);
    }

    private static string StatusCode(int status) => status == CallRecord.UnknownStatus ? "interrupted" : status.ToString(CultureInfo.InvariantCulture);

    public static void WriteHttp(OcsfJson json, CallRecord record)
    {
        json.StartObject("http_request"u8);
        if (IsKnownMethod(record.Method))
        {
            json.Text("http_method"u8, record.Method, OcsfLimits.Token);
        }

        json.Text("version"u8, record.HttpVersion, OcsfLimits.Token);
        json.Number("body_length"u8, record.RequestBytes);
        json.StartObject("url"u8);
        if (record.Destination is { IsAbsoluteUri: true } destination)
        {
            json.Text("scheme"u8, destination.Scheme, OcsfLimits.Token);
            json.Text("hostname"u8, destination.DnsSafeHost, OcsfLimits.Host);
            WritePort(json, destination.Port);
        }

        json.Text("path"u8, record.Path, OcsfLimits.Path);
        json.Text("query_string"u8, record.LoggedQuery, OcsfLimits.Path);
        json.EndObject();
        WriteHeaders(json, record.LoggedHeaders);
        json.EndObject();
        if (record.Status == CallRecord.UnknownStatus)
        {
            return;
        }

        json.StartObject("http_response"u8);
        json.Number("code"u8, record.Status);
        json.Number("body_length"u8, record.ResponseBytes);
        json.EndObject();
    }

    public static void WriteSource(OcsfJson json, CallRecord record)
    {
        json.StartObject("src_endpoint"u8);
        json.Address("ip"u8, record.SourceIp);
        WritePort(json, record.SourcePort);
        json.EndObject();
    }

    public static void WriteDestination(OcsfJson json, Uri? destination)
    {
        if (destination is not { IsAbsoluteUri: true })
        {
            return;
        }

        json.StartObject("dst_endpoint"u8);
        if (destination.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && IPAddress.TryParse(destination.DnsSafeHost, out var address))
        {
            json.Address("ip"u8, address);
        }
        else
        {
            json.Text("hostname"u8, destination.DnsSafeHost, OcsfLimits.Host);
        }

        WritePort(json, destination.Port);
        json.EndObject();
    }

    /// <summary>What the event class has no field for.</summary>
    public static void WriteUnmapped(OcsfJson json, CallRecord record, bool isAuthentication)
    {
        json.StartObject("unmapped"u8);
        json.StartObject("gateway"u8);
        json.Text("reason"u8, record.Reason, OcsfLimits.Identifier);
        json.Text("detail"u8, record.Detail, OcsfLimits.Text);
        json.Text("decision"u8, record.Decision, OcsfLimits.Token);
        json.Text("decision_id"u8, record.DecisionId, OcsfLimits.Identifier);
        json.Text("policy_mode"u8, record.PolicyMode, OcsfLimits.Token);
        json.Texts("policy_errors"u8, record.PolicyErrors, OcsfLimits.Text);
        json.Texts("obligations"u8, record.Obligations, OcsfLimits.Text);
        json.Flag("forwarded"u8, record.Forwarded);
        json.Text("claimed_agent"u8, record.ClaimedAgent, OcsfLimits.Agent);
        json.Text("identity_method"u8, record.IdentityMethod, OcsfLimits.Token);
        json.Flag("proof_of_possession"u8, record.ProofOfPossession);
        if (!IsKnownMethod(record.Method))
        {
            json.Text("method"u8, record.Method, OcsfLimits.Token);
        }

        json.Texts("delegation"u8, record.Delegation, OcsfLimits.Agent);
        json.Text("transaction"u8, record.Transaction, OcsfLimits.Identifier);
        json.Texts("parameters"u8, record.ParameterNames, OcsfLimits.Identifier);
        json.Text("intent"u8, record.Intent, OcsfLimits.Intent);
        json.Text("credential"u8, record.Credential, OcsfLimits.Identifier);
        json.Text("lease_fingerprint"u8, record.LeaseFingerprint, OcsfLimits.Identifier);
        json.Text("lease_scope"u8, record.LeaseScope, OcsfLimits.Text);
        WriteLegacy(json, record);
        if (isAuthentication)
        {
            json.Text("issuer"u8, record.Issuer, OcsfLimits.Text);
            json.Text("tool"u8, record.Tool, OcsfLimits.Identifier);
            json.Text("operation"u8, record.Operation, OcsfLimits.Identifier);
            json.Text("trace"u8, record.TraceId, OcsfLimits.Identifier);
        }

        WriteDurations(json, record);
        json.ChainValue();
        json.EndObject();
        json.EndObject();
    }

    /// <summary>A long-lived secret was used: an exception that has an owner and an end.</summary>
    private static void WriteLegacy(OcsfJson json, CallRecord record)
    {
        if (record.LegacyNotAfter is null)
        {
            return;
        }

        json.StartObject("legacy_secret"u8);
        json.Text("owner"u8, record.LegacyOwner, OcsfLimits.Identifier);
        json.Time("not_after"u8, record.LegacyNotAfter);
        json.Flag("expires_soon"u8, record.LegacyExpires);
        json.EndObject();
    }

    private static void WriteDurations(OcsfJson json, CallRecord record)
    {
        json.StartObject("milliseconds"u8);
        json.Milliseconds("total"u8, record.Duration);
        json.Milliseconds("gateway"u8, record.Duration - (record.UpstreamDuration ?? TimeSpan.Zero));
        if (record.UpstreamDuration is { } upstream)
        {
            json.Milliseconds("upstream"u8, upstream);
        }

        json.EndObject();
    }

    private static void WriteHeaders(OcsfJson json, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        if (headers.Count == 0)
        {
            return;
        }

        json.StartArray("http_headers"u8);
        foreach (var (name, value) in headers)
        {
            json.StartObject();
            json.Text("name"u8, name, OcsfLimits.Identifier);
            json.Text("value"u8, value, OcsfLimits.Text);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WritePort(OcsfJson json, int port)
    {
        if (port is > 0 and <= ushort.MaxValue)
        {
            json.Number("port"u8, port);
        }
    }

    /// <summary>OCSF's enumeration; another method is in <c>unmapped</c> alone.</summary>
    private static bool IsKnownMethod(string method) =>
        method is "CONNECT" or "DELETE" or "GET" or "HEAD" or "OPTIONS" or "PATCH" or "POST" or "PUT" or "TRACE";
}
