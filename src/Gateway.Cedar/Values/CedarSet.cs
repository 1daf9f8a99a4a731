using System.Collections;

namespace Gateway.Cedar;

/// <summary>A set of values; order and repetition do not count.</summary>
public sealed class CedarSet : IReadOnlyCollection<CedarValue>, IEquatable<CedarSet>
{
    // Below this, comparing one by one beats hashing.
    private const int SmallCount = 8;

    private readonly CedarValue[] _elements;
    private readonly HashSet<CedarValue>? _lookup;

    private CedarSet(CedarValue[] elements, HashSet<CedarValue>? lookup)
    {
        _elements = elements;
        _lookup = lookup;
    }

    /// <summary><c>[]</c>.</summary>
    public static CedarSet Empty { get; } = new([], null);

    /// <inheritdoc/>
    public int Count => _elements.Length;

    internal ReadOnlySpan<CedarValue> Elements => _elements;

    /// <summary>The set of these values.</summary>
    public static CedarSet Create(params ReadOnlySpan<CedarValue> elements)
    {
        if (elements.Length > SmallCount)
        {
            var lookup = new HashSet<CedarValue>(elements.Length);
            foreach (var element in elements)
            {
                lookup.Add(element);
            }

            return new([.. lookup], lookup);
        }

        var distinct = new CedarValue[elements.Length];
        var count = 0;
        foreach (var element in elements)
        {
            if (!distinct.AsSpan(0, count).Contains(element))
            {
                distinct[count++] = element;
            }
        }

        return count == 0 ? Empty : new(count == distinct.Length ? distinct : distinct[..count], null);
    }

    /// <summary>Cedar's <c>contains</c>.</summary>
    public bool Contains(CedarValue value) => _lookup?.Contains(value) ?? _elements.AsSpan().Contains(value);

    /// <summary>Cedar's <c>containsAll</c>.</summary>
    public bool ContainsAll(CedarSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var element in other._elements)
        {
            if (!Contains(element))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Cedar's <c>containsAny</c>.</summary>
    public bool ContainsAny(CedarSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (large, small) = Count >= other.Count ? (this, other) : (other, this);
        foreach (var element in small._elements)
        {
            if (large.Contains(element))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(CedarSet? other) =>
        ReferenceEquals(this, other) || (other is not null && Count == other.Count && ContainsAll(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CedarSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = 0;
        foreach (var element in _elements)
        {
            hash += element.GetHashCode();
        }

        return hash;
    }

    /// <inheritdoc/>
    public IEnumerator<CedarValue> GetEnumerator() => ((IEnumerable<CedarValue>)_elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The set as a Cedar expression.</summary>
    public override string ToString() => ValueText.Of(this);
}
