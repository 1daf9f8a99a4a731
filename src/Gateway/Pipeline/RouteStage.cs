using System.Buffers;
using Gateway.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Pipeline;

/// <summary>Finds the tool and operation from the raw request target. The only place that knows how a tool is addressed.</summary>
internal sealed class RouteStage : ICallStage
{
    /// <summary>These make an upstream act on another method or path than the one that policy saw.</summary>
    internal static readonly IReadOnlyList<string> OverrideHeaders =
    [
        "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Original-URI", "X-Rewrite-URL",
    ];

    private static readonly SearchValues<char> ControlCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c != '\t').Select(c => (char)c), '\u007f']);

    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken) => new(Route(call));

    private static Verdict Route(Call call)
    {
        var request = call.Http.Request;
        if (FindMethodProblem(request.Method) is { } methodProblem)
        {
            return Verdict.Refuse(Reason.RequestMalformed, methodProblem);
        }

        if (request.Headers.Upgrade.Any(v => v?.Contains("websocket", StringComparison.OrdinalIgnoreCase) == true))
        {
            // YARP would send it as GET or CONNECT whatever the method is, and what comes back could not be scrubbed.
            return Verdict.Refuse(Reason.RequestMalformed, "Connections are not upgraded to WebSocket.");
        }

        foreach (var header in OverrideHeaders)
        {
            if (request.Headers.ContainsKey(header))
            {
                return Verdict.Refuse(Reason.RequestMalformed, $"The header {header} is not allowed: policy decides on the method and path of the request itself.");
            }
        }

        if (!TryReadIntent(call, out var intentProblem))
        {
            return Verdict.Refuse(Reason.RequestMalformed, intentProblem);
        }

        var rawTarget = call.Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RequestTargetParser.TryParse(rawTarget, out var target, out var error))
        {
            return Verdict.Refuse(Reason.RequestMalformed, error);
        }

        if (!call.Snapshot.Tools.TryFind(target.Path, out var tool))
        {
            return Verdict.Refuse(Reason.ToolUnknown, "No tool is configured under this path; paths are case-sensitive.");
        }

        call.Tool = tool;
        call.Query = target.Query;
        call.UpstreamPath = target.Path[tool.Path.Length..];
        call.PolicyPath = call.UpstreamPath.Length == 0 ? "/" : RequestTargetParser.Decode(call.UpstreamPath);
        return FindOperation(call, tool, request.Method);
    }

    /// <returns>Why requests with the method are refused; null where they are not.</returns>
    internal static string? FindMethodProblem(string method)
    {
        if (HttpMethods.IsTrace(method) || HttpMethods.IsConnect(method) || method is "TRACK")
        {
            // TRACE would send the injected credential back to the agent (RFC 9110 §9.3.8).
            return $"The method {method} is not forwarded.";
        }

        // Methods are case-sensitive (RFC 9110 §9.1), yet HttpClient sends "delete" as DELETE, which policy was not asked about.
        return method.AsSpan().ContainsAnyInRange('a', 'z') ? "Methods are written in capitals." : null;
    }

    private static Verdict FindOperation(Call call, Tool tool, string method)
    {
        var match = tool.Operations.Match(method, call.PolicyPath);
        if (match.Ambiguity is { } ambiguity)
        {
            return Verdict.Refuse(Reason.RequestMalformed, ambiguity);
        }

        call.OperationName = match.Operation?.Name ?? method;
        call.Parameters = match.Parameters;
        return match.Operation is null && tool.OnlyOperations
            ? Verdict.Refuse(Reason.OperationUnknown, $"The tool '{tool.Name}' allows only its configured operations, and this request is none of them.")
            : Verdict.Continue;
    }

    private static bool TryReadIntent(Call call, out string problem)
    {
        problem = "The header Gateway-Intent must occur once and hold no control characters.";
        var values = call.Http.Request.Headers[GatewayHeaders.Intent];
        if (values.Count == 0)
        {
            return true;
        }

        if (values.Count > 1 || values[0].AsSpan().ContainsAny(ControlCharacters))
        {
            return false;
        }

        call.Intent = values[0];
        return true;
    }
}
