using Gateway.Core.Audit.Reading;

namespace Gateway.Core.Audit.Delivery;

/// <summary>Records that follow each other, as they are in the log's files.</summary>
/// <param name="lines">Lines of the files, good until the batch is dealt with.</param>
/// <param name="start">Index of the first one.</param>
/// <param name="count">How many.</param>
internal readonly struct DeliveryBatch(IReadOnlyList<CallLogLine> lines, int start, int count)
{
    public int Count => count;

    public long FirstSequence => this[0].Sequence;

    public long LastSequence => this[count - 1].Sequence;

    public CallLogLine this[int index] => index < count ? lines[start + index] : throw new ArgumentOutOfRangeException(nameof(index));
}
