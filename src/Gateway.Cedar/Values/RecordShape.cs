namespace Gateway.Cedar;

/// <summary>The names that records of one kind can have. Make one shape per kind of record and keep it: policies remember where in it their attributes stand.</summary>
public sealed class RecordShape
{
    private const int SmallCount = 8;

    private readonly string[] _names;
    private readonly Dictionary<string, int>? _indexes;

    /// <summary>A shape of these names, in this order.</summary>
    /// <exception cref="ArgumentException">A name is given twice.</exception>
    public RecordShape(params ReadOnlySpan<string> names)
    {
        _names = names.ToArray();
        if (_names.Length > SmallCount)
        {
            _indexes = new(_names.Length, StringComparer.Ordinal);
            for (var i = 0; i < _names.Length; i++)
            {
                _indexes.Add(_names[i], i);
            }
        }
        else
        {
            for (var i = 1; i < _names.Length; i++)
            {
                if (Array.IndexOf(_names, _names[i], 0, i) >= 0)
                {
                    throw new ArgumentException($"The attribute `{_names[i]}` is given twice.", nameof(names));
                }
            }
        }
    }

    /// <summary>The shape of <c>{}</c>.</summary>
    public static RecordShape Empty { get; } = new();

    /// <summary>The names, in order.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>The place of a name, or -1.</summary>
    public int IndexOf(string name)
    {
        if (_indexes is not null)
        {
            return _indexes.TryGetValue(name, out var index) ? index : -1;
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (string.Equals(_names[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A record of this shape. The array is kept, not copied; <c>default</c> in it means that the attribute is absent.</summary>
    /// <exception cref="ArgumentException">The array is not as long as the shape.</exception>
    public CedarRecord CreateRecord(params CedarValue[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != _names.Length)
        {
            throw new ArgumentException($"The shape has {_names.Length} attributes, {values.Length} values were given.", nameof(values));
        }

        return new StoredRecord(this, values);
    }
}
