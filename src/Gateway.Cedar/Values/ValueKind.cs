using System.Diagnostics.CodeAnalysis;

namespace Gateway.Cedar;

/// <summary>The type of a <see cref="CedarValue"/>.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The types are called so in Cedar.")]
public enum ValueKind
{
    /// <summary>No value: an attribute that is absent, or <c>default(CedarValue)</c>.</summary>
    None,

    /// <summary><c>Bool</c>.</summary>
    Boolean,

    /// <summary><c>Long</c>, 64 bits, signed.</summary>
    Long,

    /// <summary><c>String</c>.</summary>
    String,

    /// <summary>A reference to an entity.</summary>
    Entity,

    /// <summary><c>Set</c>.</summary>
    Set,

    /// <summary>A record.</summary>
    Record,

    /// <summary><c>ipaddr</c>: an address or a range of addresses.</summary>
    IPAddress,

    /// <summary><c>decimal</c>: four digits after the point.</summary>
    Decimal,

    /// <summary><c>datetime</c>: milliseconds since 1970.</summary>
    DateTime,

    /// <summary><c>duration</c>: milliseconds.</summary>
    Duration,
}
