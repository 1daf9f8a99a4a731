using System.Collections.Frozen;

namespace Gateway.Routing;

/// <summary>Finds the operation of a tool that a method and path are, at a cost that does not grow with their number.</summary>
/// <remarks>
/// Many servers ignore letter case, path parameters (";x=1"), dots and spaces at a segment's end or a closing slash; the
/// templates do not say whether this one does. A path that is one operation to a strict reader and another one to a lenient
/// reader would be judged by the wrong operation's policies, so it is refused. So is one that is the same operation to both, but
/// with another value of a parameter: a policy about "secret" must not be passed with "secret;x". Letter case and a dot at
/// the end are the exceptions, since both tell values apart in many APIs (names of DNS zones end with a dot).
/// </remarks>
internal sealed class OperationMatcher
{
    private static readonly string[] Root = [""];

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
            return new OperationMatch(null, [], $"The path differs from the operation '{lenient?.Name ?? strict?.Name}' only in letter case, path parameters, dots or spaces at a segment's end, or a closing slash.");
        }

        if (strict is null)
        {
            return new OperationMatch(null, []);
        }

        var parameters = Parameters(strict, segments);
        foreach (var (name, value) in parameters)
        {
            if (IsReadInTwoWays(value))
            {
                return new OperationMatch(null, [], $"What stands for {{{name}}} in the path of '{strict.Name}' holds a ';' or has a space at the end of a segment, which some servers leave out.");
            }
        }

        return new OperationMatch(strict, parameters);
    }

    private static bool IsReadInTwoWays(string value) =>
        value.Contains(';', StringComparison.Ordinal) || value.EndsWith(' ') || value.Contains(" /", StringComparison.Ordinal);

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
        var lenient = segments;
        var count = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            var name = NameOf(segments[i]);
            if (name.IsEmpty && segments.Length > 1)
            {
                continue; // a closing slash, or nothing but path parameters
            }

            if (name.Length < segments[i].Length || count < i)
            {
                lenient = ReferenceEquals(lenient, segments) ? [.. segments] : lenient;
                lenient[count] = name.ToString();
            }

            count++;
        }

        return count == 0 ? Root : lenient.AsSpan(0, count);
    }

    /// <summary>The template without a closing slash and dots at segments' ends, so that lenient matching compares like with like.</summary>
    private static IEnumerable<SegmentPattern> Lenient(IReadOnlyList<SegmentPattern> segments) =>
        (segments.Count > 1 && segments[^1] is { IsLiteral: true, Prefix: "" } ? segments.Take(segments.Count - 1) : segments)
        .Select(segment => segment.IsLiteral ? segment with { Prefix = NameOf(segment.Prefix).ToString() } : segment with { Suffix = segment.Suffix.TrimEnd('.') });

    /// <summary>A segment without path parameters, and without the dots and spaces at its end where it is more than these.</summary>
    private static ReadOnlySpan<char> NameOf(string segment)
    {
        var semicolon = segment.IndexOf(';', StringComparison.Ordinal);
        var name = semicolon < 0 ? segment : segment.AsSpan(0, semicolon);
        var trimmed = name.TrimEnd(". ");
        return trimmed.IsEmpty ? name : trimmed;
    }
}
