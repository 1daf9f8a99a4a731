namespace Gateway.Cedar;

/// <summary>Stands in a value's reference where the value itself is the number beside it.</summary>
internal sealed class ScalarTag
{
    private ScalarTag(ValueKind kind) => Kind = kind;

    public static ScalarTag Boolean { get; } = new(ValueKind.Boolean);

    public static ScalarTag Long { get; } = new(ValueKind.Long);

    public static ScalarTag Decimal { get; } = new(ValueKind.Decimal);

    public static ScalarTag DateTime { get; } = new(ValueKind.DateTime);

    public static ScalarTag Duration { get; } = new(ValueKind.Duration);

    public ValueKind Kind { get; }
}
