using System.Collections.Immutable;

namespace Gateway.Cedar.Formatting;

/// <summary>A text with places where it may be broken into lines.</summary>
internal abstract record Layout
{
    /// <summary>A place where the line is broken if the group does not fit, else a space.</summary>
    public static Layout Space { get; } = new Break(" ", IsForced: false);

    /// <summary>A place where the line is broken if the group does not fit, else nothing.</summary>
    public static Layout Seam { get; } = new Break("", IsForced: false);

    /// <summary>An empty line.</summary>
    public static Layout Blank { get; } = new EmptyLine();

    /// <summary>The end of a line; at the beginning of one, nothing.</summary>
    public static Layout Newline { get; } = new Break("", IsForced: true);

    internal sealed record EmptyLine : Layout;

    internal sealed record Text(string Value) : Layout;

    internal sealed record Break(string Flat, bool IsForced) : Layout;

    internal sealed record Indented(Layout Content) : Layout;

    /// <summary>Broken at all of its own places, or at none.</summary>
    internal sealed record Group(Layout Content) : Layout;

    internal sealed record Sequence(ImmutableArray<Layout> Parts) : Layout;
}
