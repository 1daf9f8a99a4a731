namespace Gateway.Core.Audit.Verification;

/// <summary>Sequence numbers that were passed over; a record that turns up later is taken out again.</summary>
internal sealed class GapList
{
    private const int Limit = 1000;

    private readonly List<(long First, long Last)> _gaps = [];

    public IReadOnlyList<(long First, long Last)> All => _gaps;

    /// <returns>False where there are too many to remember.</returns>
    public bool TryAdd(long first, long last)
    {
        if (_gaps.Count >= Limit)
        {
            return false;
        }

        _gaps.Add((first, last));
        return true;
    }

    public bool TryFill(long sequence)
    {
        var index = _gaps.FindIndex(gap => sequence >= gap.First && sequence <= gap.Last);
        if (index < 0)
        {
            return false;
        }

        var (first, last) = _gaps[index];
        _gaps.RemoveAt(index);
        if (first < sequence)
        {
            _gaps.Insert(index++, (first, sequence - 1));
        }

        if (sequence < last)
        {
            _gaps.Insert(index, (sequence + 1, last));
        }

        return true;
    }
}
