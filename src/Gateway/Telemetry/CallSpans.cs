using System.Diagnostics;
using Gateway.Pipeline;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Telemetry;

/// <summary>What spans tell: names of the configuration, statuses and numbers.</summary>
/// <remarks>
/// Of the OpenTelemetry conventions for HTTP, <c>url.path</c>, <c>url.query</c>, <c>url.full</c>, <c>user_agent.original</c>, <c>client.address</c>
/// and headers are left out: agents write secrets into them, and traces are read by more people than the call log.
/// <c>gateway.call.id</c> leads there.
/// </remarks>
internal static class CallSpans
{
    /// <summary>Describes the server's span.</summary>
    public static void DescribeCall(Call call)
    {
        if (call.Http.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            return;
        }

        var request = call.Http.Request;
        var method = Tracing.Method(request.Method);
        var operation = call.Tool?.Operations.All.FirstOrDefault(o => o.Name == call.OperationName)?.Name;
        span.DisplayName = call.Tool is not { } tool ? method : operation is null ? $"{method} {tool.Path}" : $"{tool.Name}/{operation}";
        span.SetTag("gateway.call.id", call.Id);
        span.SetTag("gateway.tool.name", call.Tool?.Name);
        span.SetTag("gateway.operation.name", operation);
        span.SetTag("http.request.method", method);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("http.response.status_code", call.Http.Response.StatusCode);
        Refuse(span, call.Refusal);
        if (call.Refusal is null && call.Interruption is not null)
        {
            span.SetTag("error.type", "interrupted").SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <param name="span">Null where none is recorded.</param>
    /// <param name="stage">Its name.</param>
    /// <param name="call">As the stage left it.</param>
    /// <param name="verdict">What the stage said.</param>
    public static void DescribeStage(Activity? span, string stage, Call call, Verdict verdict)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        switch (stage)
        {
            case "identify" when call.Agent is { } agent:
                span.SetTag("gateway.issuer.name", agent.Issuer);
                span.SetTag("gateway.identity.method", agent.Method);
                span.SetTag("gateway.identity.proof_of_possession", agent.ProofOfPossession);
                break;
            case "authorize" when call.Decision is { } decision:
                span.SetTag("gateway.decision", decision.Permitted ? "allow" : "deny");
                break;
            case "acquire" when call.Lease is { } lease:
                span.SetTag("gateway.credential.name", lease.Credential);
                break;
            case "forward" when call is { Forwarded: true, Destination: { } destination }:
                DescribeForwarding(span, call, destination, verdict);
                break;
        }

        Refuse(span, verdict.Refusal);
    }

    private static void DescribeForwarding(Activity span, Call call, Uri destination, Verdict verdict)
    {
        span.SetTag("gateway.tool.name", call.Tool?.Name);
        span.SetTag("http.request.method", Tracing.Method(call.Http.Request.Method));
        span.SetTag("server.address", destination.Host);
        span.SetTag("server.port", destination.Port);
        if (verdict.Refusal is not null || call.Interruption is not null)
        {
            return;
        }

        var status = call.Http.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status400BadRequest)
        {
            span.SetTag("error.type", $"{status}").SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>A refusal is an answer; only where the gateway or an upstream is at fault it is an error as well.</summary>
    private static void Refuse(Activity span, Refusal? refusal)
    {
        if (refusal is null)
        {
            return;
        }

        span.SetTag("gateway.reason", refusal.Reason.Name());
        if (refusal.Reason.Status() >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", refusal.Reason.Name()).SetStatus(ActivityStatusCode.Error);
        }
    }
}
