namespace Gateway.Routing;

/// <summary>A node of the tree that a tool's path templates of one method form.</summary>
internal sealed class OperationNode(StringComparison comparison)
{
    private readonly Dictionary<string, OperationNode> _literals = new(StringComparer.FromComparison(comparison));
    private readonly List<(SegmentPattern Pattern, OperationNode Node)> _parameters = [];
    private Operation? _operation;
    private Operation? _catchAll;

    public void Add(Operation operation, int index = 0)
    {
        if (index == operation.Segments.Count)
        {
            _operation ??= operation;
            return;
        }

        var pattern = operation.Segments[index];
        if (pattern.IsCatchAll)
        {
            _catchAll ??= operation;
            return;
        }

        Child(pattern).Add(operation, index + 1);
    }

    /// <summary>Finds the most specific template: literals before parameters, longer literal parts before shorter, catch-alls last.</summary>
    public Operation? Find(ReadOnlySpan<string> segments)
    {
        if (segments.IsEmpty)
        {
            return _operation ?? _catchAll;
        }

        if (_literals.TryGetValue(segments[0], out var literal) && literal.Find(segments[1..]) is { } exact)
        {
            return exact;
        }

        foreach (var (pattern, node) in _parameters)
        {
            if (pattern.TryMatch(segments[0], comparison, out _) && node.Find(segments[1..]) is { } found)
            {
                return found;
            }
        }

        return _catchAll;
    }

    private OperationNode Child(SegmentPattern pattern)
    {
        if (pattern.IsLiteral)
        {
            return _literals.TryGetValue(pattern.Prefix, out var literal)
                ? literal
                : _literals[pattern.Prefix] = new OperationNode(comparison);
        }

        foreach (var (known, node) in _parameters)
        {
            if (string.Equals(known.Prefix, pattern.Prefix, comparison) && string.Equals(known.Suffix, pattern.Suffix, comparison))
            {
                return node;
            }
        }

        var child = new OperationNode(comparison);
        _parameters.Add((pattern, child));
        _parameters.Sort(static (a, b) => b.Pattern.LiteralLength.CompareTo(a.Pattern.LiteralLength));
        return child;
    }
}
