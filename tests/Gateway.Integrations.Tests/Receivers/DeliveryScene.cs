using Gateway.Core.Audit.Delivery;
using Gateway.Core.Tests.Audit.Delivery;
using Gateway.Core.Tests.Audit.Reading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Receivers;

/// <summary>A call log that grows, and one sink that delivers it.</summary>
internal sealed class DeliveryScene : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gateway-receivers-").FullName;
    private AuditDelivery? _delivery;

    public DeliveryScene() => Files = new LogFiles(Combine("audit"));

    public LogFiles Files { get; }

    public SinkStatus Status => _delivery!.Sinks[0].Status;

    public string Combine(string name) => Path.Combine(_root, name);

    public void Deliver(IAuditSink sink, ILogger? logger = null)
    {
        var options = new DeliveryOptions { BatchRecords = 50, Interval = TimeSpan.FromMilliseconds(20), FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(200) };
        _delivery = new AuditDelivery([new SinkPump("siem", sink, options, (Files.Directory, Combine("siem.cursor")), new EventList(), TimeProvider.System, logger ?? NullLogger.Instance)]);
        _delivery.Start();
    }

    /// <summary>Appends a few records now and then, while something else happens.</summary>
    public async Task AppendWhileAsync(Task happening)
    {
        do
        {
            Files.Append(7);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        while (!happening.IsCompleted);
        await happening;
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var end = TimeProvider.System.GetTimestamp() + (30 * TimeProvider.System.TimestampFrequency);
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetTimestamp() < end, $"Waited in vain until {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_delivery is not null)
        {
            await _delivery.DisposeAsync();
        }

        Files.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
