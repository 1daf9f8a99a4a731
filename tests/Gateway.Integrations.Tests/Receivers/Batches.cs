using System.Text;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Audit.Reading;
using Gateway.Core.Tests.Audit.Reading;

namespace Gateway.Integrations.Tests.Receivers;

/// <summary>Batches as they come from the files.</summary>
internal static class Batches
{
    public static DeliveryBatch Of(int first, int count) =>
        new([.. Enumerable.Range(first, count).Select(n => new CallLogLine(n, Encoding.ASCII.GetBytes(LogFiles.Line(n)), default))], 0, count);

    public static DeliveryBatch Of(string line, long sequence = 1) => new([new CallLogLine(sequence, Encoding.ASCII.GetBytes(line), default)], 0, 1);
}
