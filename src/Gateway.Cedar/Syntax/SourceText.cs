namespace Gateway.Cedar.Syntax;

/// <summary>A named text that can tell line and column of an offset.</summary>
internal sealed class SourceText(string name, string text)
{
    private int[]? _lineStarts;

    /// <summary>Stands for values that came from JSON or were built in code and have no source.</summary>
    public static SourceText None { get; } = new("", "");

    public string Name { get; } = name;

    public string Text { get; } = text;

    private int[] LineStarts => _lineStarts ??= FindLineStarts(Text);

    public SourcePosition PositionOf(int offset)
    {
        var found = Array.BinarySearch(LineStarts, offset);
        var line = found >= 0 ? found : ~found - 1;
        return new(Name, line + 1, offset - LineStarts[line] + 1);
    }

    /// <summary>A line, counted from 1, without its end.</summary>
    public string LineText(int line)
    {
        if (line > LineStarts.Length)
        {
            return "";
        }

        var end = line < LineStarts.Length ? LineStarts[line] : Text.Length;
        return Text[LineStarts[line - 1]..end].TrimEnd('\r', '\n');
    }

    private static int[] FindLineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', i + 1))
        {
            starts.Add(i + 1);
        }

        return [.. starts];
    }
}
