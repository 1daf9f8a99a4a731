using Gateway.Core.Audit;
using Gateway.Core.Tests.Identity;

namespace Gateway.Core.Tests.Audit;

public sealed class JournalLagTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestClock _clock = new();
    private readonly JournalQueue _queue = new();
    private readonly JournalLag _lag;

    public JournalLagTests() => _lag = new JournalLag(_queue, _clock);

    [Fact]
    public void Value_NothingWaits_IsZero()
    {
        _lag.Begin();
        _clock.Advance(Second);
        Assert.Equal(TimeSpan.Zero, _lag.Value);

        Take(2);
        _lag.Begin();
        Write(2);
        _clock.Advance(Second);
        Assert.Equal(TimeSpan.Zero, _lag.Value);
    }

    [Fact]
    public void Value_WriterFails_GrowsUntilTheRecordsAreWritten()
    {
        Take(1);
        _lag.Begin();
        _clock.Advance(Second);
        Take(5);
        _lag.Begin();
        _clock.Advance(Second);
        Assert.Equal(2 * Second, _lag.Value);

        Write(6);
        Assert.Equal(TimeSpan.Zero, _lag.Value);

        // Afterwards it begins anew, however long nothing happened.
        _clock.Advance(60 * Second);
        Take(1);
        Assert.Equal(TimeSpan.Zero, _lag.Value);
        _lag.Begin();
        _clock.Advance(Second);
        Assert.Equal(Second, _lag.Value);
    }

    [Fact]
    public void Value_RecordsOfAnOutageDrain_IsNeverLessThanTheirAge()
    {
        Take(10);
        _lag.Begin();
        _clock.Advance(10 * Second);
        Take(5);

        Write(4);
        Assert.Equal(10 * Second, _lag.Value);
        Write(6);
        Assert.Equal(10 * Second, _lag.Value);
        _clock.Advance(Second);
        Take(1);
        Write(5);
        Assert.Equal(Second, _lag.Value);
        Write(1);
        Assert.Equal(TimeSpan.Zero, _lag.Value);
    }

    [Fact]
    public void Value_RecordsNeverPause_StaysThatOfABatch()
    {
        Take(10);
        _lag.Begin();
        for (var batch = 0; batch < 100; batch++)
        {
            _clock.Advance(Second);
            Take(10);
            Write(10);
            Assert.InRange(_lag.Value, TimeSpan.Zero, 2 * Second);
            _lag.Begin();
        }
    }

    [Fact]
    public void Value_RecordComesWhileNothingIsWritten_CountsFromThere()
    {
        _lag.Begin();
        _clock.Advance(Second);
        Take(1);
        _lag.Advance();
        _clock.Advance(Second);

        Assert.InRange(_lag.Value, Second, 2 * Second);
    }

    private void Take(int count)
    {
        for (var index = 0; index < count; index++)
        {
            _queue.Announce();
            Assert.True(_queue.TryAdd(default));
        }
    }

    private void Write(int count)
    {
        _queue.Acknowledge(count);
        _lag.Advance();
    }
}
