using Gateway.Forwarding;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Pipeline;

/// <summary>Hands a permitted call to YARP, and translates what became of it.</summary>
internal sealed partial class ForwardStage(TimeProvider clock, ILogger<ForwardStage> logger) : ICallStage
{
    public async ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Tool is not { } tool || call.Lease is not { } lease || tool.Proxy.RequestDelegate is not { } proxy)
        {
            return default;
        }

        var context = call.Http;
        AgentHeaderFilter.Apply(context.Request.Headers, call.Snapshot.Credentials[lease.Credential].Inject);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false)
        {
            context.Request.Body = new CountedBody(context.Request.Body, call);
        }

        context.SetEndpoint(tool.Proxy);
        await ProxyAsync(proxy, context, cancellationToken);
        if (call.Forwarded)
        {
            call.UpstreamDuration = clock.GetElapsedTime(call.ForwardedTimestamp);
        }

        if (call.Refusal is { } refusal)
        {
            // A lease that was withdrawn with its task or its agent: these are what the agent can act on.
            return Verdict.Refuse(refusal.Reason == Reason.CredentialUnavailable && call.Scope?.Over is { } over ? over : refusal);
        }

        return context.Features.Get<IForwarderErrorFeature>() is { } failure ? Translate(call, failure) : Verdict.Continue;
    }

    /// <param name="proxy">YARP.</param>
    /// <param name="context">The call's.</param>
    /// <param name="stop">What stops the call: YARP knows of nothing but the request's own end.</param>
    private static async Task ProxyAsync(RequestDelegate proxy, HttpContext context, CancellationToken stop)
    {
        var aborted = context.RequestAborted;
        context.RequestAborted = stop;
        try
        {
            await proxy(context);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    private Verdict Translate(Call call, IForwarderErrorFeature failure)
    {
        var error = failure.Error;
        if (failure.Exception is { } exception)
        {
            ForwardingFailed(logger, call.Id, call.Tool?.Name, error, exception.GetType().Name);
        }

        // Whether the agent's connection is there says nothing: YARP aborts it by itself when a body is cut off.
        if (call.Scope?.Cut is { } cut)
        {
            return CutOff(call, cut);
        }

        if (call.Http.Response.HasStarted)
        {
            call.Interruption = error switch
            {
                ForwarderError.ResponseBodyClient or ForwarderError.ResponseBodyCanceled or ForwarderError.RequestCanceled => "The agent closed the connection before the response ended.",
                _ => "The upstream broke off before the response ended.",
            };
            return Verdict.Continue;
        }

        if (call.Http.RequestAborted.IsCancellationRequested)
        {
            call.Interruption = "The agent closed the connection before the upstream answered.";
            return Verdict.Continue;
        }

        return error switch
        {
            _ when IsForbidden(failure.Exception) => Forbid(call),
            ForwarderError.RequestTimedOut or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled =>
                Verdict.Refuse(Reason.UpstreamTimeout, "The upstream did not answer in time."),
            _ when failure.Exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                Verdict.Refuse(Reason.RequestTooLarge, "The request's body is larger than the gateway accepts."),
            ForwarderError.RequestBodyClient => Verdict.Refuse(Reason.RequestMalformed, "The request's body broke off or was malformed."),
            ForwarderError.NoAvailableDestinations => Verdict.Refuse(
                Reason.UpstreamUnreachable, "None of the tool's destinations is healthy.", retryAfter: TimeSpan.FromSeconds(1)),
            _ => Verdict.Refuse(Reason.UpstreamUnreachable, "The upstream refused the connection or broke it off before it answered."),
        };
    }

    /// <summary>A response that has begun is broken off by the pipeline: the agent could take what it has for the whole.</summary>
    private static Verdict CutOff(Call call, Refusal cut) =>
        Verdict.Refuse(call.Http.Response.HasStarted ? cut with { RecordDetail = $"{cut.RecordDetail ?? cut.Detail} The response was cut off." } : cut);

    private static Verdict Forbid(Call call)
    {
        // Refused while connecting, so nothing was sent.
        call.Forwarded = false;
        return Verdict.Refuse(Reason.DestinationForbidden, "The tool's destination resolves to no address that it may be reached at.");
    }

    private static bool IsForbidden(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is DestinationForbiddenException)
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(1001, LogLevel.Warning, "Call {Call} to tool {Tool} failed: {Error} ({Exception})", EventName = "ForwardingFailed")]
    private static partial void ForwardingFailed(ILogger logger, string call, string? tool, ForwarderError error, string exception);
}
