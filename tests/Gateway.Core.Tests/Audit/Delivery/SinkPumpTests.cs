using Gateway.Core.Audit.Delivery;
using Gateway.Core.Tests.Audit.Reading;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Tests.Audit.Delivery;

/// <summary>In order, each at least once, none skipped, over failures and restarts.</summary>
public sealed class SinkPumpTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gateway-delivery-").FullName;
    private readonly RecordingSink _sink = new();
    private readonly EventList _journal = new();
    private readonly LogLines _log = new();
    private LogFiles _files;

    public SinkPumpTests() => _files = new LogFiles(AuditDirectory);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string AuditDirectory => Path.Combine(_root, "audit");

    private string CursorFile => Path.Combine(_root, "data", "delivery", "siem.cursor");

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Run_RecordsOnFile_AreDeliveredInOrderAndInBatches()
    {
        _files.Append(10);
        _files.Begin();
        _files.Append(15);
        await using var delivery = Start();
        await DeliveredAsync(25);

        _files.Append(5);
        await DeliveredAsync(30);
        Assert.Equal(Enumerable.Range(1, 30).Select(n => LogFiles.Line(n)), _sink.Lines);
        Assert.All(_sink.Batches, count => Assert.InRange(count, 1, 8));
        await UntilAsync(() => delivery.Sinks[0].Status.Delivered == 30, "the status says so");
    }

    [Fact]
    public async Task Run_ReceiverDown_GetsEverythingAfterwardsOnceAndInOrder()
    {
        var isDown = true;
        _sink.Answer = _ => Volatile.Read(ref isDown) ? DeliveryResult.Failed("The receiver cannot be reached.") : null;
        _files.Append(40);
        await using var delivery = Start();
        var sink = Assert.Single(delivery.Sinks);
        await UntilAsync(() => sink.Status is { Problem: "The receiver cannot be reached.", OldestPending: not null }, "the problem is told");
        _files.Begin();
        _files.Append(40);
        Assert.Empty(_sink.Sequences);

        Volatile.Write(ref isDown, false);
        await DeliveredAsync(80);
        AssertGapless(80);
        await UntilAsync(() => sink.Status is { Problem: null, OldestPending: null }, "the problem is over");
        Assert.Single(_log.With(4050));
        Assert.Single(_log.With(4052));
    }

    [Fact]
    public async Task Run_ReceiverRefuses_SkipsNothing()
    {
        var refuses = true;
        _sink.Answer = _ => Volatile.Read(ref refuses) ? DeliveryResult.Refused("The receiver refuses.") : null;
        _files.Append(3);
        await using var delivery = Start();
        await UntilAsync(() => _log.With(4051).Count == 1, "the refusal is told");

        Volatile.Write(ref refuses, false);
        await DeliveredAsync(3);
        AssertGapless(3);
    }

    [Fact]
    public async Task Run_SinkThrows_TriesAgain()
    {
        var attempts = 0;
        _sink.Answer = _ => Interlocked.Increment(ref attempts) < 3 ? throw new InvalidOperationException("secret") : null;
        _files.Append(3);
        await using var delivery = Start();

        await DeliveredAsync(3);
        AssertGapless(3);
        Assert.NotEmpty(_log.With(4058));
        Assert.All(_log.With(4058), line => Assert.DoesNotContain("secret", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_AfterAStop_GoesOnWhereItWas()
    {
        _files.Append(10);
        await using (var first = Start())
        {
            await DeliveredAsync(10);
            await first.StopAsync(Cancelled);
        }

        _files.Append(5);
        await using var second = Start();
        Assert.Equal(10, second.Lowest);
        await DeliveredAsync(15);
        AssertGapless(15);
    }

    [Fact]
    public async Task Start_CursorOfSomeTimeAgo_DeliversTwiceAndNoneNever()
    {
        _files.Append(10);
        await using (var first = Start())
        {
            await DeliveredAsync(10);
            await first.StopAsync(Cancelled);
        }

        var former = await File.ReadAllBytesAsync(CursorFile, Cancelled);
        _files.Append(10);
        await using (var second = Start())
        {
            await DeliveredAsync(20);
            await second.StopAsync(Cancelled);
        }

        // As a kill leaves it that comes between delivery and the writing of the cursor.
        await File.WriteAllBytesAsync(CursorFile, former, Cancelled);
        await using var third = Start();
        await DeliveredAsync(30);
        Assert.Equal([.. Range(1, 20), .. Range(11, 20)], _sink.Sequences);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10 abc\n")]
    [InlineData("-1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n")]
    [InlineData("10 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 1\n")]
    public async Task Start_CursorDamaged_BeginsWithTheFirstRecord(string content)
    {
        _files.Append(5);
        Directory.CreateDirectory(Path.GetDirectoryName(CursorFile)!);
        await File.WriteAllTextAsync(CursorFile, content, Cancelled);
        await using var delivery = Start();

        await DeliveredAsync(5);
        AssertGapless(5);
        Assert.Single(_log.With(4056));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(14)]
    public async Task Start_AnotherLogInTheDirectory_BeginsWithItsFirstRecord(int count)
    {
        _files.Append(10, "former");
        await using (var first = Start())
        {
            await DeliveredAsync(10);
            await first.StopAsync(Cancelled);
        }

        _files.Dispose();
        Directory.Delete(AuditDirectory, recursive: true);
        _files = new LogFiles(AuditDirectory);
        _files.Append(count, "latter");
        await using var second = Start();
        await DeliveredAsync(10 + count);

        Assert.Equal([.. Range(1, 10), .. Range(1, count)], _sink.Sequences);
        Assert.Single(_log.With(4054));
        Assert.Empty(_journal.Events);
    }

    [Fact]
    public async Task Run_SegmentsDeletedBeforeDelivery_SaysSoAndGoesOn()
    {
        _files.Append(8);
        await using var delivery = Start();
        await DeliveredAsync(8);
        await delivery.StopAsync(Cancelled);
        var second = _files.Begin();
        _files.Append(10);
        _files.Begin();
        _files.Append(5);

        File.Delete(second);
        await using var next = Start();
        await DeliveredAsync(13);
        Assert.Equal([.. Range(1, 8), .. Range(19, 23)], _sink.Sequences);
        Assert.Contains("Records 9 to 18 were gone", Assert.Single(_log.With(4053)), StringComparison.Ordinal);
        var told = Assert.Single(_journal.Events);
        Assert.Equal(("siem", false, "missed"), (told.Entity, told.Succeeded, told.StatusDetail));
        Assert.Equal([9L, 18L], told.Data.Select(pair => pair.Value));
    }

    [Fact]
    public async Task Run_SegmentsDeletedBeforeANewSinkStarts_IsNoLoss()
    {
        var first = _files.Begin();
        _files.Append(5);
        _files.Begin();
        _files.Append(5);
        File.Delete(first);
        await using var delivery = Start();

        await DeliveredAsync(5);
        Assert.Equal(Range(6, 10), _sink.Sequences);
        Assert.Empty(_journal.Events);
    }

    [Fact]
    public async Task Run_SentButNotConfirmed_IsSentAgainAfterAFailure()
    {
        var isBroken = false;
        long confirmed = 0;
        _sink.Taken = _ => DeliveryResult.Sent(Volatile.Read(ref confirmed));
        _sink.Answer = _ => Volatile.Read(ref isBroken) ? DeliveryResult.Failed("The connection broke.") : null;
        _files.Append(24);
        await using var delivery = Start();
        await DeliveredAsync(24);
        Assert.Equal(0, delivery.Lowest);

        Volatile.Write(ref confirmed, 16);
        await UntilAsync(() => delivery.Lowest == 16, "what is confirmed counts");
        Volatile.Write(ref isBroken, true);
        await UntilAsync(() => _log.With(4050).Count == 1, "the failure is told");
        Volatile.Write(ref isBroken, false);
        await DeliveredAsync(32);
        Assert.Equal([.. Range(1, 24), .. Range(17, 24)], _sink.Sequences);
    }

    [Fact]
    public async Task Run_SentButNotConfirmed_IsSentAgainAfterARestart()
    {
        _sink.Taken = _ => DeliveryResult.Sent(8);
        _files.Append(16);
        await using (var first = Start())
        {
            await DeliveredAsync(16);
            await first.StopAsync(Cancelled);
        }

        await using var second = Start();
        await DeliveredAsync(24);
        Assert.Equal([.. Range(1, 16), .. Range(9, 16)], _sink.Sequences);
    }

    [Fact]
    public async Task Run_ReceiverDropsRecords_CountsThem()
    {
        _sink.Taken = _ => DeliveryResult.Accepted(rejected: 2);
        _files.Append(8);
        await using var delivery = Start();
        await DeliveredAsync(8);

        await UntilAsync(() => delivery.Sinks[0].Status.Rejected == 2, "the count is told");
        Assert.Single(_log.With(4057));
    }

    [Fact]
    public async Task Stop_RecordsOnFile_DeliversThemFirst()
    {
        await using var delivery = Start(options => options with { Interval = TimeSpan.FromMinutes(5) });
        await Task.Delay(50, Cancelled);
        _files.Append(20);

        await delivery.StopAsync(Cancelled);
        AssertGapless(20);
    }

    [Fact]
    public async Task Stop_ReceiverDown_EndsAllTheSame()
    {
        _sink.Answer = _ => DeliveryResult.Failed("Down.", TimeSpan.FromMinutes(5));
        _files.Append(20);
        await using var delivery = Start();
        await UntilAsync(() => _log.With(4050).Count == 1, "the failure is told");

        await delivery.StopAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.Equal(0, delivery.Lowest);
    }

    [Fact]
    public async Task Run_CursorCannotBeWritten_DeliversAndSaysSoOnce()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "data"), "a file where a directory should be", Cancelled);
        _files.Append(20);
        await using var delivery = Start();
        await DeliveredAsync(20);

        _files.Append(20);
        await DeliveredAsync(40);
        AssertGapless(40);
        await UntilAsync(() => _log.With(4055).Count == 1, "the problem is told");
    }

    private static IEnumerable<long> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(n => (long)n);

    private AuditDelivery Start(Func<DeliveryOptions, DeliveryOptions>? change = null)
    {
        var options = new DeliveryOptions
        {
            BatchRecords = 8,
            Interval = TimeSpan.FromMilliseconds(5),
            FirstPause = TimeSpan.FromMilliseconds(5),
            RefusedPause = TimeSpan.FromMilliseconds(10),
            CursorInterval = TimeSpan.FromMilliseconds(5),
        };
        var delivery = new AuditDelivery([new SinkPump("siem", _sink, change?.Invoke(options) ?? options, (AuditDirectory, CursorFile), _journal, TimeProvider.System, _log)]);
        delivery.Start();
        return delivery;
    }

    private Task DeliveredAsync(int count) => UntilAsync(() => _sink.Sequences.Count >= count, $"{count} records are delivered");

    private void AssertGapless(int count) => Assert.Equal(Range(1, count), _sink.Sequences);

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        var end = TimeProvider.System.GetTimestamp() + (30 * TimeProvider.System.TimestampFrequency);
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetTimestamp() < end, $"Waited in vain until {what}; {_sink.Sequences.Count} records came.");
            await Task.Delay(5, Cancelled);
        }
    }

    private sealed class LogLines : ILogger
    {
        private readonly List<(int Id, string Text)> _lines = [];

        public IReadOnlyList<string> With(int id)
        {
            lock (_lines)
            {
                return [.. _lines.Where(line => line.Id == id).Select(line => line.Text)];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
