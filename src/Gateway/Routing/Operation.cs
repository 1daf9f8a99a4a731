namespace Gateway.Routing;

/// <summary>A named method and path template of a tool.</summary>
internal sealed record Operation(string Name, string Method, IReadOnlyList<SegmentPattern> Segments)
{
    /// <summary>Names of the template's parameters, in its order.</summary>
    public IReadOnlyList<string> ParameterNames { get; } = [.. Segments.Where(s => s.Parameter is not null).Select(s => s.Parameter ?? "")];

    /// <param name="name">The operation's name.</param>
    /// <param name="template">"METHOD /path/{parameter}", which configuration has found sound.</param>
    /// <exception cref="FormatException">It is not; the message says what to write instead.</exception>
    public static Operation Parse(string name, string template) => OperationTemplate.TryParse(template, out var parsed, out var problem)
        ? new Operation(name, parsed.Method, parsed.Segments)
        : throw new FormatException($"The operation '{name}' {problem}");
}
