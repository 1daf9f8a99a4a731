using System.Text;
using Gateway.Core.Audit.Delivery;

namespace Gateway.Core.Tests.Audit.Delivery;

/// <summary>A receiver in memory that keeps what it takes and answers as the test says.</summary>
internal sealed class RecordingSink : IAuditSink
{
    private readonly List<(long Sequence, string Line)> _taken = [];
    private readonly List<int> _batches = [];

    /// <summary>What is answered, before anything is taken; null: taken.</summary>
    public Func<DeliveryBatch, DeliveryResult?> Answer { get; set; } = _ => null;

    /// <summary>What is answered of what was taken.</summary>
    public Func<DeliveryBatch, DeliveryResult> Taken { get; set; } = _ => DeliveryResult.Accepted();

    public IReadOnlyList<long> Sequences
    {
        get
        {
            lock (_taken)
            {
                return [.. _taken.Select(record => record.Sequence)];
            }
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_taken)
            {
                return [.. _taken.Select(record => record.Line)];
            }
        }
    }

    public IReadOnlyList<int> Batches
    {
        get
        {
            lock (_taken)
            {
                return [.. _batches];
            }
        }
    }

    public ValueTask<DeliveryResult> DeliverAsync(DeliveryBatch batch, CancellationToken cancellationToken)
    {
        if (Answer(batch) is { } answer)
        {
            return new(answer);
        }

        lock (_taken)
        {
            _batches.Add(batch.Count);
            for (var index = 0; index < batch.Count; index++)
            {
                _taken.Add((batch[index].Sequence, Encoding.ASCII.GetString(batch[index].Json.Span)));
            }
        }

        return new(Taken(batch));
    }
}
