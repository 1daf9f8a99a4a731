using System.Collections.Frozen;

namespace Gateway.Routing;

/// <summary>Finds the operation of a tool that a method and path are, at a cost that does not grow with their number.</summary>
/// <remarks>
/// Many servers ignore letter case, path parameters (";x=1") or a closing slash; the templates do not say whether this
/// one does. A path that is one operation to a strict reader and another one to a lenient reader would be judged by the
/// wrong operation's policies, so it is refused.
/// </remarks>
internal sealed class OperationMatcher
{
    private readonly FrozenDictionary<string, (OperationNode Strict, OperationNode Lenient)> _methods;

    public OperationMatcher(IEnumerable<Operation> operations)
    {
        All = [.. operations];
        var methods = new Dictionary<string, (OperationNode Strict, OperationNode Lenient)>(StringComparer.Ordinal);
        foreach (var operation in All)
        {
            if (!methods.TryGetValue(operation.Method, out var nodes))
            {
                nodes = (new OperationNode(StringComparison.Ordinal), new OperationNode(StringComparison.OrdinalIgnoreCase));
                methods.Add(operation.Method, nodes);
            }

            nodes.Strict.Add(operation);
            nodes.Lenient.Add(operation with { Segments = [.. Lenient(operation.Segments)] });
        }

        _methods = methods.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyList<Operation> All { get; }

    public IReadOnlyList<string> Methods => _methods.Keys;

    /// <param name="method">The request's method, case-sensitive (RFC 9110 §9.1).</param>
    /// <param name="path">The decoded path behind the tool's prefix; starts with "/".</param>
    public OperationMatch Match(string method, string path)
    {
        if (!_methods.TryGetValue(method, out var nodes))
        {
            return new OperationMatch(null, []);
        }

        var segments = path[1..].Split('/');
        var strict = nodes.Strict.Find(segments);
        var lenient = nodes.Lenient.Find(Lenient(segments));
        if (!string.Equals(strict?.Name, lenient?.Name, StringComparison.Ordinal))
        {
            return new OperationMatch(null, [], $"The path differs from the operation '{lenient?.Name ?? strict?.Name}' only in letter case, path parameters or a closing slash.");
        }

        return strict is null ? new OperationMatch(null, []) : new OperationMatch(strict, Parameters(strict, segments));
    }

    private static KeyValuePair<string, string>[] Parameters(Operation operation, string[] segments)
    {
        if (operation.ParameterNames.Count == 0)
        {
            return [];
        }

        var parameters = new KeyValuePair<string, string>[operation.ParameterNames.Count];
        var count = 0;
        for (var i = 0; i < operation.Segments.Count; i++)
        {
            var pattern = operation.Segments[i];
            if (pattern.Parameter is { } name)
            {
                var value = pattern.IsCatchAll
                    ? string.Join('/', segments.Skip(i))
                    : segments[i][pattern.Prefix.Length..^pattern.Suffix.Length];
                parameters[count++] = new(name, value);
            }
        }

        return parameters;
    }

    private static ReadOnlySpan<string> Lenient(string[] segments)
    {
        var end = segments.Length > 1 && segments[^1].Length == 0 ? segments.Length - 1 : segments.Length;
        var lenient = segments;
        for (var i = 0; i < end; i++)
        {
            var semicolon = segments[i].IndexOf(';', StringComparison.Ordinal);
            if (semicolon >= 0)
            {
                lenient = ReferenceEquals(lenient, segments) ? [.. segments] : lenient;
                lenient[i] = segments[i][..semicolon];
            }
        }

        return lenient.AsSpan(0, end);
    }

    /// <summary>The template without a closing slash, so that lenient matching compares like with like.</summary>
    private static IEnumerable<SegmentPattern> Lenient(IReadOnlyList<SegmentPattern> segments) =>
        segments.Count > 1 && segments[^1] is { IsLiteral: true, Prefix: "" } ? segments.Take(segments.Count - 1) : segments;
}
