namespace Gateway.Routing;

/// <summary>A named method and path template of a tool.</summary>
internal sealed record Operation(string Name, string Method, IReadOnlyList<SegmentPattern> Segments)
{
    /// <summary>Names of the template's parameters, in its order.</summary>
    public IReadOnlyList<string> ParameterNames { get; } = [.. Segments.Where(s => s.Parameter is not null).Select(s => s.Parameter ?? "")];

    /// <param name="name">The operation's name.</param>
    /// <param name="template">"METHOD /path/{parameter}".</param>
    /// <exception cref="FormatException">The template's syntax is wrong; the message says how.</exception>
    public static Operation Parse(string name, string template)
    {
        var space = template.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || space + 1 >= template.Length || template[space + 1] != '/')
        {
            throw new FormatException("An operation is a method, a space and a path, such as \"GET /repos/{owner}/{repo}\".");
        }

        var segments = template[(space + 2)..].Split('/').Select(SegmentPattern.Parse).ToArray();
        for (var i = 0; i < segments.Length - 1; i++)
        {
            if (segments[i].IsCatchAll || segments[i] is { IsLiteral: true, Prefix: "" })
            {
                throw new FormatException("Only the last segment may be empty or take all that follows.");
            }
        }

        var operation = new Operation(name, template[..space], segments);
        return operation.ParameterNames.Distinct(StringComparer.Ordinal).Count() != operation.ParameterNames.Count
            ? throw new FormatException("A parameter's name occurs twice.")
            : operation;
    }
}
