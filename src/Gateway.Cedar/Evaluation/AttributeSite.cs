namespace Gateway.Cedar.Evaluation;

/// <summary>A place in a policy that reads an attribute, and where the attribute stood in the record seen last.</summary>
internal sealed class AttributeSite(string name)
{
    // A place that sees ever new shapes gains nothing from remembering and would allocate each time.
    private const int MaxMemories = 8;

    private Memory? _memory;
    private int _memories;

    public string Name { get; } = name;

    public CedarValue Read(CedarRecord record)
    {
        var shape = record.Shape;
        var memory = _memory;
        var index = memory is not null && ReferenceEquals(memory.Shape, shape) ? memory.Index : Find(shape);
        return index < 0 ? default : record.GetValue(index);
    }

    private int Find(RecordShape shape)
    {
        var index = shape.IndexOf(Name);
        if (_memories < MaxMemories)
        {
            _memories++;
            _memory = new(shape, index);
        }

        return index;
    }

    // Immutable and swapped as one reference: readers on other threads see the pair or the one before.
    private sealed class Memory(RecordShape shape, int index)
    {
        public RecordShape Shape { get; } = shape;

        public int Index { get; } = index;
    }
}
