namespace Gateway.Cedar;

/// <summary>What reading a file gave: the value, or every mistake that stood in its way.</summary>
public sealed class CedarResult<T>
    where T : class
{
    internal CedarResult(T? value, IReadOnlyList<Diagnostic> diagnostics)
    {
        Value = value;
        Diagnostics = diagnostics;
    }

    /// <summary>The value; null when <see cref="Diagnostics"/> holds an error.</summary>
    public T? Value { get; }

    /// <summary>All mistakes, in the order of the source; empty on success.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>True when there is a value.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;

    /// <summary>The value, or an exception that carries every mistake.</summary>
    /// <exception cref="FormatException">The input had mistakes.</exception>
    public T GetValueOrThrow() =>
        Value ?? throw new FormatException(string.Join("\n", Diagnostics));
}
