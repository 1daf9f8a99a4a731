using System.Collections.Frozen;

namespace Gateway.Cedar.Schemas;

/// <summary>A type as the validator knows it: finer than the schema's, since it tells <c>true</c> from <c>false</c>.</summary>
internal abstract record CedarType
{
    public static CedarType AnyBoolean { get; } = new Boolean(null);

    public static CedarType True { get; } = new Boolean(true);

    public static CedarType False { get; } = new Boolean(false);

    public static CedarType Nothing { get; } = new Never();

    public static CedarType Integer { get; } = new Long();

    public static CedarType Text { get; } = new String();

    public static CedarType AnySet { get; } = new Set(null);

    public static CedarType AnyEntity { get; } = new Entity(null);

    /// <summary>Every record is one of these.</summary>
    public static CedarType AnyRecord { get; } = new Record(FrozenDictionary<string, AttributeType>.Empty, IsOpen: true);

    public static Record EmptyRecord { get; } = new(FrozenDictionary<string, AttributeType>.Empty, IsOpen: false);

    public bool IsFalse => this is Boolean { Value: false };

    public bool IsTrue => this is Boolean { Value: true };

    /// <summary>No value has it; the least of all types.</summary>
    internal sealed record Never : CedarType;

    /// <param name="Value">The one value that it can have, or null.</param>
    internal sealed record Boolean(bool? Value) : CedarType;

    internal sealed record Long : CedarType;

    internal sealed record String : CedarType;

    /// <param name="Element">Null stands for elements of whatever type.</param>
    internal sealed record Set(CedarType? Element) : CedarType
    {
        public override int Depth { get; } = 1 + (Element?.Depth ?? 0);
    }

    /// <param name="Name">Null stands for an entity of whatever type.</param>
    internal sealed record Entity(string? Name) : CedarType;

    /// <param name="Attributes">The attributes known.</param>
    /// <param name="IsOpen">Whether there may be others.</param>
    internal sealed record Record(FrozenDictionary<string, AttributeType> Attributes, bool IsOpen) : CedarType
    {
        public override int Depth { get; } = 1 + Attributes.Values.Select(static attribute => attribute.Type.Depth).DefaultIfEmpty().Max();
    }

    /// <param name="Kind">One of the extension types.</param>
    internal sealed record Extension(ValueKind Kind) : CedarType;

    public static CedarType Of(bool value) => value ? True : False;

    public static CedarType OfKind(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => AnyBoolean,
        ValueKind.Long => Integer,
        ValueKind.String => Text,
        _ => new Extension(kind),
    };

    /// <summary>How many types stand within one another.</summary>
    public virtual int Depth => 1;

    /// <summary>The type as the schema writes it.</summary>
    public sealed override string ToString() => TypePrinter.Print(this);
}
