namespace Gateway.Core.Audit.Verification;

/// <summary>
/// Puts lines into the order of their records: says which are missing, too many or out of place, and hands on the others.
/// </summary>
/// <remarks>
/// A line whose number is not the expected one is held until the next line tells whether records are missing before it or
/// its number was changed. One changed byte thus yields one finding and does not spoil what follows.
/// </remarks>
internal sealed class SequenceWalk(RecordWalk records)
{
    private const int MaxEarly = 1000;

    private readonly GapList _gaps = new();
    private readonly Dictionary<long, ChainValue?> _early = [];
    private (LineFacts Facts, LogPosition At)? _held;
    private long _slack;
    private bool _isLinkBroken;

    /// <summary>The number that the next record must have.</summary>
    public long Expected { get; private set; }

    public void Begin(long first) => Expected = first;

    public void Add(in LineFacts line, LogPosition at)
    {
        if (line.Fault != LineFault.None)
        {
            Release();
            records.Report(FindingKind.Malformed, Expected + _slack, at, Describe(line.Fault));

            // It may have been the expected record, or nothing of the kind.
            _slack++;
            return;
        }

        if (_held is { } held)
        {
            _held = null;
            Settle(held.Facts, held.At, line.Sequence);
        }

        while (line.Sequence != Expected && _early.Remove(Expected, out var chain))
        {
            Expected++;
            records.Skip(chain);
            _isLinkBroken = true;
        }

        if (line.Sequence >= Expected && line.Sequence <= Expected + _slack)
        {
            Accept(line, at);
        }
        else if (line.Sequence > Expected)
        {
            Expected += _slack;
            _isLinkBroken |= _slack > 0;
            _slack = 0;
            _held = (line, at);
        }
        else
        {
            AddLate(line.Sequence, at);
        }
    }

    public void End()
    {
        Release();
        foreach (var (first, last) in _gaps.All)
        {
            records.Report(FindingKind.Missing, first, last, default, first == last ? "the record is missing" : $"{last - first + 1} records are missing");
        }
    }

    private static string Describe(LineFault fault) => fault switch
    {
        LineFault.Empty => "the line is empty",
        LineFault.TooLong => "the line is longer than any record",
        LineFault.NotAscii => "the line holds bytes that are not ASCII",
        LineFault.DuplicateKey => "the line has a member twice that a record has once",
        LineFault.NoSequence => "the line has no metadata.sequence",
        LineFault.NoChain => "the line has no unmapped.gateway.chain_sha256 of 64 lower-case hexadecimal digits, or more than one",
        LineFault.BadStatement => "the record of a statement holds none",
        _ => "the line is not JSON",
    };

    /// <summary>Decides about a line that had another number than expected, now that the next one's is known.</summary>
    private void Settle(LineFacts held, LogPosition at, long next)
    {
        if (next == held.Sequence + 1)
        {
            if (!_gaps.TryAdd(Expected, held.Sequence - 1))
            {
                records.Report(FindingKind.Missing, Expected, held.Sequence - 1, at, "records are missing");
            }

            records.NoteDamage(Expected);
            _isLinkBroken = true;
            Accept(held, at);
        }
        else if (next == Expected + 1)
        {
            records.Report(FindingKind.Reordered, Expected, at, $"the line says that it is record {held.Sequence}");
            records.Skip(held.Chain);
            Expected++;
        }
        else
        {
            records.Report(FindingKind.Reordered, Expected, at, $"record {held.Sequence} stands here");
            _isLinkBroken = true;
            if (_early.Count < MaxEarly)
            {
                _early[held.Sequence] = held.Chain;
            }
        }
    }

    /// <summary>What was held when nothing follows that could tell: it stands for the expected record.</summary>
    private void Release()
    {
        if (_held is { } held)
        {
            _held = null;
            var isItself = records.IsVouchedFor(held.Facts.Sequence, held.Facts.Chain);
            Settle(held.Facts, held.At, isItself ? held.Facts.Sequence + 1 : Expected + 1);
        }
    }

    private void AddLate(long sequence, LogPosition at)
    {
        if (_gaps.TryFill(sequence))
        {
            records.Report(FindingKind.Reordered, sequence, at, "the record stands after later ones");
            _isLinkBroken = true;
            return;
        }

        records.Report(FindingKind.Duplicated, Expected + _slack, at, $"record {sequence} stands here once more, or a record was given its number");
        _slack++;
    }

    private void Accept(in LineFacts line, LogPosition at)
    {
        var isNext = line.Sequence == Expected && _slack == 0 && !_isLinkBroken;
        _slack = 0;
        _isLinkBroken = false;
        Expected = line.Sequence + 1;
        records.Accept(line, at, isNext);
    }
}
