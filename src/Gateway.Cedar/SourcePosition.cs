namespace Gateway.Cedar;

/// <summary>Where something stands in a source file; line and column count from 1, columns in UTF-16 units.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
