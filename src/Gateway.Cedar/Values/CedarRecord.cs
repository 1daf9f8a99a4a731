using System.Collections;

namespace Gateway.Cedar;

/// <summary>A record: a request's context, an entity's attributes, or a part of them.</summary>
/// <remarks>
/// Derive from it to compute attributes when, and only when, a policy reads them. A record must give the same
/// value every time it is asked within a decision, from any thread that decides with it.
/// </remarks>
public abstract class CedarRecord : IEnumerable<KeyValuePair<string, CedarValue>>, IEquatable<CedarRecord>
{
    /// <summary>A record with some or all of the shape's attributes.</summary>
    protected CedarRecord(RecordShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
    }

    /// <summary><c>{}</c>.</summary>
    public static CedarRecord Empty { get; } = new StoredRecord(RecordShape.Empty, []);

    /// <summary>The attributes that the record can have.</summary>
    public RecordShape Shape { get; }

    /// <summary>How many attributes are present.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            for (var i = 0; i < Shape.Names.Length; i++)
            {
                count += GetValue(i).IsNone ? 0 : 1;
            }

            return count;
        }
    }

    /// <summary>A record of the given attributes with a shape of its own; for records made at load. Per request, use <see cref="RecordShape.CreateRecord"/>.</summary>
    /// <exception cref="ArgumentException">A name is given twice.</exception>
    public static CedarRecord Create(IEnumerable<KeyValuePair<string, CedarValue>> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var pairs = attributes as ICollection<KeyValuePair<string, CedarValue>> ?? [.. attributes];
        if (pairs.Count == 0)
        {
            return Empty;
        }

        var names = new string[pairs.Count];
        var values = new CedarValue[pairs.Count];
        var i = 0;
        foreach (var (name, value) in pairs)
        {
            names[i] = name;
            values[i++] = value;
        }

        return new StoredRecord(new(names), values);
    }

    /// <summary>The attribute of that name.</summary>
    public bool TryGetValue(string name, out CedarValue value)
    {
        var index = Shape.IndexOf(name);
        value = index < 0 ? default : GetValue(index);
        return !value.IsNone;
    }

    /// <summary>The attribute at a place of <see cref="Shape"/>; <c>default</c> when it is absent.</summary>
    protected internal abstract CedarValue GetValue(int index);

    /// <summary>The attributes that are present.</summary>
    public IEnumerator<KeyValuePair<string, CedarValue>> GetEnumerator()
    {
        for (var i = 0; i < Shape.Names.Length; i++)
        {
            var value = GetValue(i);
            if (!value.IsNone)
            {
                yield return new(Shape.Names[i], value);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Same attributes with equal values, in whatever order.</summary>
    public bool Equals(CedarRecord? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || Count != other.Count)
        {
            return false;
        }

        foreach (var (name, value) in this)
        {
            if (!other.TryGetValue(name, out var otherValue) || !value.Equals(otherValue))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as CedarRecord);

    /// <inheritdoc/>
    public sealed override int GetHashCode()
    {
        var hash = 0;
        foreach (var (name, value) in this)
        {
            hash += HashCode.Combine(name, value);
        }

        return hash;
    }

    /// <summary>The record as a Cedar expression.</summary>
    public override string ToString() => ValueText.Of(this);
}
