using System.Text.Json;
using Gateway.Configuration;
using Gateway.Pipeline;
using Gateway.Routing;

namespace Gateway.Evaluation;

/// <summary>Reads which request of a tool is meant: an operation with its parameters, or a method and path, routed like a call.</summary>
internal sealed class TargetReader(JsonMembers members, ICollection<string> problems)
{
    /// <returns>Null, having said why, where it is no request that would reach policy.</returns>
    public RoutedTarget? Read(string toolName, IReadOnlyDictionary<string, ToolOptions> tools)
    {
        var before = problems.Count;
        var (operation, method, path) = (members.Text("operation"), members.Text("method"), members.Text("path"));
        var (query, parameters) = (members.Text("query") ?? "", members.Table("params"));
        if (toolName.Length > 0 && !tools.ContainsKey(toolName))
        {
            var nearest = NearestName.Find(toolName, tools.Keys);
            members.Refuse("tool", $"names no entry of Gateway:Tools{(nearest is null ? "." : $"; did you mean {nearest}?")}");
        }

        CheckForm();
        if (problems.Count > before || !tools.TryGetValue(toolName, out var tool))
        {
            return null;
        }

        if (operation is not null)
        {
            return Render(operation, tool, parameters) is { } rendered ? Route(rendered.Method, rendered.Path, query, toolName, tool, operation) : null;
        }

        return method is null || path is null ? null : Route(method, path, query, toolName, tool, null);
    }

    private void CheckForm()
    {
        if (members.Has("operation"))
        {
            foreach (var other in (string[])["method", "path"])
            {
                if (members.Has(other))
                {
                    members.Refuse(other, "cannot stand beside operation, which has its own: remove one of them.");
                }
            }
        }
        else if (!members.Has("method") || !members.Has("path"))
        {
            members.Refuse("operation", "is required, unless there are method and path: write the name of an operation.");
        }
        else if (members.Has("params"))
        {
            members.Refuse("params", "cannot stand beside path, which has them in it: remove one of them.");
        }
    }

    /// <summary>The request that an operation with these parameters is.</summary>
    private (string Method, string Path)? Render(string name, ToolOptions tool, IReadOnlyList<JsonProperty> parameters)
    {
        if (!tool.Operations.TryGetValue(name, out var template))
        {
            var nearest = NearestName.Find(name, tool.Operations.Keys);
            members.Refuse("operation", $"names no operation of the tool{(nearest is null ? "; write method and path for a request that matches none." : $"; did you mean {nearest}?")}");
            return null;
        }

        var before = problems.Count;
        var operation = Operation.Parse(name, template);
        foreach (var given in parameters.Where(given => !operation.ParameterNames.Contains(given.Name, StringComparer.Ordinal)))
        {
            members.Refuse($"params.{given.Name}", $"is no parameter of {template}.");
        }

        var values = parameters.Where(given => given.Value.ValueKind == JsonValueKind.String)
            .ToDictionary(given => given.Name, given => given.Value.GetString() ?? "", StringComparer.Ordinal);
        foreach (var missing in operation.ParameterNames.Where(parameter => !values.ContainsKey(parameter)))
        {
            members.Refuse($"params.{missing}", $"is required, as a text: the operation is {template}.");
        }

        return problems.Count > before ? null : (operation.Method, "/" + string.Join('/', operation.Segments.Select(segment => Render(segment, values))));
    }

    private static string Render(SegmentPattern segment, Dictionary<string, string> values) => segment switch
    {
        { Parameter: null } => segment.Prefix,
        { IsCatchAll: true, Parameter: { } name } => string.Join('/', values[name].Split('/').Select(Uri.EscapeDataString)),
        { Parameter: { } name } => $"{segment.Prefix}{Uri.EscapeDataString(values[name])}{segment.Suffix}",
    };

    private RoutedTarget? Route(string method, string path, string query, string toolName, ToolOptions tool, string? expected)
    {
        var member = expected is null ? "path" : "params";
        if (RouteStage.FindMethodProblem(method) is { } methodProblem)
        {
            members.Refuse("method", $"is refused before policy is asked: {methodProblem}");
            return null;
        }

        if (!RequestTargetParser.TryParse(query.Length == 0 ? path : $"{path}?{query}", out var target, out var problem))
        {
            members.Refuse(member, $"is refused before policy is asked: {problem}");
            return null;
        }

        var decoded = RequestTargetParser.Decode(target.Path);
        var match = new OperationMatcher(tool.Operations.Select(o => Operation.Parse(o.Key, o.Value))).Match(method, decoded);
        if (match.Ambiguity is { } ambiguity)
        {
            members.Refuse(member, $"is refused before policy is asked: {ambiguity}");
            return null;
        }

        if (match.Operation is null && tool.OnlyOperations)
        {
            members.Refuse(member, $"is refused before policy is asked (operation_unknown): the tool '{toolName}' allows only its configured operations.");
            return null;
        }

        if (expected is not null && match.Operation?.Name != expected)
        {
            members.Refuse("params", $"make another request of it: {method} {path} is {match.Operation?.Name ?? "no operation"}.");
            return null;
        }

        return new RoutedTarget(method, match.Operation?.Name ?? method, decoded, target.Query.Length == 0 ? "" : target.Query[1..], match.Parameters);
    }
}
