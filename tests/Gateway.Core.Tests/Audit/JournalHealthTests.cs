using Gateway.Core.Audit;
using Gateway.Core.Tests.Credentials;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Core.Tests.Audit;

public sealed class JournalHealthTests
{
    private readonly ManualClock _clock = new();
    private readonly JournalHealth _health;

    public JournalHealthTests()
    {
        _health = new JournalHealth(new CallJournalOptions { Directory = "audit" }, _clock, NullLogger.Instance);
        _health.Succeed(1);
    }

    [Fact]
    public void IsAvailable_DiskHangs_IsFalseUntilItAnswers()
    {
        using (_health.Watch())
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            Assert.True(_health.IsAvailable);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.False(_health.IsAvailable);
        }

        Assert.True(_health.IsAvailable);
    }

    [Fact]
    public void IsAvailable_NothingToWriteForLong_StaysTrue()
    {
        _health.Watch().Dispose();
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.True(_health.IsAvailable);
    }
}
