using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Routing;

/// <summary>Finds a tool by path prefix; the longest wins, and the cost does not grow with the number of tools.</summary>
internal sealed class ToolTable
{
    private readonly FrozenDictionary<string, Tool>.AlternateLookup<ReadOnlySpan<char>> _byPath;
    private readonly int _maxDepth;

    public ToolTable(IEnumerable<Tool> tools)
    {
        All = [.. tools];
        _byPath = All.ToFrozenDictionary(t => t.Path, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _maxDepth = All.Count == 0 ? 0 : All.Max(t => t.Path.Count(c => c == '/'));
    }

    public IReadOnlyList<Tool> All { get; }

    /// <param name="path">The raw path. A prefix in other letter case or percent-encoded is not the tool's.</param>
    /// <param name="tool">The tool found.</param>
    public bool TryFind(ReadOnlySpan<char> path, [NotNullWhen(true)] out Tool? tool)
    {
        tool = null;
        var end = 0;
        for (var depth = 0; depth < _maxDepth && end < path.Length; depth++)
        {
            var next = path[(end + 1)..].IndexOf('/');
            end = next < 0 ? path.Length : end + 1 + next;
            if (_byPath.TryGetValue(path[..end], out var found))
            {
                tool = found;
            }
        }

        return tool is not null;
    }
}
