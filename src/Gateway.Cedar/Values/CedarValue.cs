using System.Net;
using Gateway.Cedar.Evaluation;

namespace Gateway.Cedar;

/// <summary>A value of the Cedar language. Two words long; making one from a string, number or entity allocates nothing.</summary>
public readonly struct CedarValue : IEquatable<CedarValue>
{
    private readonly object? _reference;
    private readonly long _number;

    private CedarValue(object reference, long number = 0)
    {
        _reference = reference;
        _number = number;
    }

    /// <summary><c>true</c>.</summary>
    public static CedarValue True { get; } = new(ScalarTag.Boolean, 1);

    /// <summary><c>false</c>.</summary>
    public static CedarValue False { get; } = new(ScalarTag.Boolean, 0);

    /// <summary>The type; <see cref="ValueKind.None"/> of <c>default</c>.</summary>
    public ValueKind Kind => _reference switch
    {
        ScalarTag tag => tag.Kind,
        string => ValueKind.String,
        EntityUid => ValueKind.Entity,
        CedarRecord => ValueKind.Record,
        CedarSet => ValueKind.Set,
        IPRange => ValueKind.IPAddress,
        _ => ValueKind.None,
    };

    internal EvaluationError? Error => _reference as EvaluationError;

    internal bool IsNone => _reference is null;

    internal bool IsTrue => ReferenceEquals(_reference, ScalarTag.Boolean) && _number != 0;

    internal bool IsFalse => ReferenceEquals(_reference, ScalarTag.Boolean) && _number == 0;

    internal EntityUid? EntityOrNull => _reference as EntityUid;

    internal string? StringOrNull => _reference as string;

    internal CedarSet? SetOrNull => _reference as CedarSet;

    internal CedarRecord? RecordOrNull => _reference as CedarRecord;

    internal IPRange? IPRangeOrNull => _reference as IPRange;

    /// <summary>The number behind a Boolean, Long, decimal, datetime or duration.</summary>
    internal long Number => _number;

    /// <summary>A <c>Bool</c>.</summary>
    public static CedarValue From(bool value) => value ? True : False;

    /// <summary>A <c>Long</c>.</summary>
    public static CedarValue From(long value) => new(ScalarTag.Long, value);

    /// <summary>A <c>String</c>.</summary>
    public static CedarValue From(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>A reference to an entity.</summary>
    public static CedarValue From(EntityUid value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>A set.</summary>
    public static CedarValue From(CedarSet value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>A record.</summary>
    public static CedarValue From(CedarRecord value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }

    /// <summary>An <c>ipaddr</c> of one address. An IPv4 address mapped into IPv6 becomes the IPv4 address, else ranges written for IPv4 would miss it.</summary>
    public static CedarValue From(IPAddress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(IPRange.From(value));
    }

    /// <summary>A <c>datetime</c>, cut to milliseconds.</summary>
    public static CedarValue From(DateTimeOffset value) => FromDateTime(value.ToUnixTimeMilliseconds());

    /// <summary>A <c>duration</c>, cut to milliseconds.</summary>
    public static CedarValue From(TimeSpan value) => FromDuration(value.Ticks / TimeSpan.TicksPerMillisecond);

    internal static CedarValue From(IPRange value) => new(value);

    internal static CedarValue From(EvaluationError error) => new(error);

    internal static CedarValue FromDecimal(long tenThousandths) => new(ScalarTag.Decimal, tenThousandths);

    internal static CedarValue FromDateTime(long milliseconds) => new(ScalarTag.DateTime, milliseconds);

    internal static CedarValue FromDuration(long milliseconds) => new(ScalarTag.Duration, milliseconds);

    internal bool Is(ScalarTag tag) => ReferenceEquals(_reference, tag);

    /// <summary>A <c>Bool</c>.</summary>
    public static implicit operator CedarValue(bool value) => From(value);

    /// <summary>A <c>Long</c>.</summary>
    public static implicit operator CedarValue(long value) => From(value);

    /// <summary>A <c>String</c>.</summary>
    public static implicit operator CedarValue(string value) => From(value);

    /// <summary>A reference to an entity.</summary>
    public static implicit operator CedarValue(EntityUid value) => From(value);

    /// <summary>A set.</summary>
    public static implicit operator CedarValue(CedarSet value) => From(value);

    /// <summary>A record.</summary>
    public static implicit operator CedarValue(CedarRecord value) => From(value);

    /// <summary>The Boolean.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public bool AsBoolean() => Is(ScalarTag.Boolean) ? _number != 0 : throw NotA(ValueKind.Boolean);

    /// <summary>The Long.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public long AsLong() => Is(ScalarTag.Long) ? _number : throw NotA(ValueKind.Long);

    /// <summary>The string.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public string AsString() => _reference as string ?? throw NotA(ValueKind.String);

    /// <summary>The entity's id.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public EntityUid AsEntity() => _reference as EntityUid ?? throw NotA(ValueKind.Entity);

    /// <summary>The set.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public CedarSet AsSet() => _reference as CedarSet ?? throw NotA(ValueKind.Set);

    /// <summary>The record.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public CedarRecord AsRecord() => _reference as CedarRecord ?? throw NotA(ValueKind.Record);

    /// <summary>Cedar's <c>==</c>: values of different types are unequal, never an error.</summary>
    public bool Equals(CedarValue other)
    {
        if (ReferenceEquals(_reference, other._reference))
        {
            return _number == other._number;
        }

        return _reference switch
        {
            string text => other._reference is string otherText && string.Equals(text, otherText, StringComparison.Ordinal),
            EntityUid uid => other._reference is EntityUid otherUid && uid.Equals(otherUid),
            CedarRecord record => other._reference is CedarRecord otherRecord && record.Equals(otherRecord),
            CedarSet set => other._reference is CedarSet otherSet && set.Equals(otherSet),
            IPRange range => other._reference is IPRange otherRange && range.Equals(otherRange),
            _ => false,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CedarValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _reference switch
    {
        null => 0,
        ScalarTag tag => HashCode.Combine(tag.Kind, _number),
        var reference => reference.GetHashCode(),
    };

    /// <summary>Cedar's <c>==</c>.</summary>
    public static bool operator ==(CedarValue left, CedarValue right) => left.Equals(right);

    /// <summary>Cedar's <c>!=</c>.</summary>
    public static bool operator !=(CedarValue left, CedarValue right) => !left.Equals(right);

    /// <summary>The value as a Cedar expression.</summary>
    public override string ToString() => ValueText.Of(this);

    private InvalidOperationException NotA(ValueKind expected) =>
        new($"The value is {ValueText.NameOf(Kind)}, not {ValueText.NameOf(expected)}.");
}
