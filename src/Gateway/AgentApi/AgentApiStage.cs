using System.Collections.Frozen;
using Gateway.Core.Tasks;
using Gateway.Pipeline;
using Gateway.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.AgentApi;

/// <summary>Answers what is asked of the gateway itself, below <see cref="Root"/>; every other call goes on.</summary>
/// <remarks>Behind identification, so that whoever is refused elsewhere is refused here in the same words, and recorded.</remarks>
internal sealed class AgentApiStage : ICallStage
{
    /// <summary>No tool can have a path at or below it.</summary>
    public const string Root = "/.gateway";

    private readonly AgentDirectory _agents;
    private readonly FrozenDictionary<string, IAgentEndpoint> _endpoints;
    private readonly OperationMatcher _matcher;
    private readonly string _unknown;

    public AgentApiStage(AgentDirectory agents, IEnumerable<IAgentEndpoint> endpoints)
    {
        _agents = agents;
        _endpoints = endpoints.ToFrozenDictionary(e => e.Name, StringComparer.Ordinal);
        _matcher = new OperationMatcher(_endpoints.Values.Select(e => Operation.Parse(e.Name, e.Template)));
        var known = _endpoints.Values.Select(e => e.Template.Replace(" ", $" {Root}", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        _unknown = $"The gateway has nothing there. It answers {string.Join(", ", known)}.";
    }

    public ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var rawTarget = call.Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!rawTarget.StartsWith(Root, StringComparison.Ordinal))
        {
            return new(Verdict.Continue);
        }

        if (!RequestTargetParser.TryParse(rawTarget, out var target, out var error))
        {
            return new(Verdict.Refuse(Reason.RequestMalformed, error));
        }

        var path = target.Path[Root.Length..];
        return path.Length > 0 && path[0] != '/' ? new(Verdict.Continue) : AnswerAsync(call, path.Length == 0 ? "/" : path, cancellationToken);
    }

    private ValueTask<Verdict> AnswerAsync(Call call, string path, CancellationToken cancellationToken)
    {
        if (call.Agent is not { } agent)
        {
            return default;
        }

        // Counted in like any other call: whoever suspends the agent waits for it, and finds the task that it starts.
        if (_agents.TryEnter(agent.Id) is not { } gate)
        {
            return new(Verdict.Refuse(TaskRefusals.Suspended(_agents.Find(agent.Id))));
        }

        call.Scope = new CallScope(_agents, agent.Id, gate, null, call.Http.RequestAborted);
        var decoded = RequestTargetParser.Decode(path);
        var match = _matcher.Match(call.Http.Request.Method, decoded);
        if (match.Operation is { } operation)
        {
            call.OperationName = operation.Name;
            call.Parameters = match.Parameters;
            return _endpoints[operation.Name].AnswerAsync(call, call.Scope.Stop);
        }

        string[] allowed = [.. _matcher.Methods.Where(method => _matcher.Match(method, decoded).Operation is not null).Order(StringComparer.Ordinal)];
        return new(Verdict.Refuse(allowed.Length == 0
            ? new Refusal(Reason.OperationUnknown, _unknown)
            : new Refusal(Reason.OperationUnknown, $"This path takes {string.Join(", ", allowed)} only.") { Allow = allowed }));
    }
}
