using Gateway.Core.Audit.Delivery;

namespace Gateway.Core.Tests.Audit.Delivery;

public sealed class DeliveryBackoffTests
{
    private static readonly DeliveryOptions Options = new();
    private static readonly DeliveryResult Failure = DeliveryResult.Failed("Down.");

    [Fact]
    public void Next_FailureAfterFailure_GrowsToALimit()
    {
        var backoff = new DeliveryBackoff(Options);

        var pauses = Enumerable.Range(0, 100).Select(_ => backoff.Next(Failure)).ToList();

        Assert.InRange(pauses[0], Options.FirstPause * 0.5, Options.FirstPause * 1.5);
        Assert.InRange(pauses[3], Options.FirstPause * 4, Options.FirstPause * 12);
        Assert.All(pauses.Skip(10), pause => Assert.InRange(pause, Options.LongestPause * 0.5, Options.LongestPause * 1.5));
        Assert.True(pauses.Skip(10).Distinct().Count() > 10, "There is no jitter.");
    }

    [Fact]
    public void Next_AfterSuccess_IsShortAgain()
    {
        var backoff = new DeliveryBackoff(Options);
        for (var index = 0; index < 10; index++)
        {
            backoff.Next(Failure);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next(Failure), TimeSpan.Zero, Options.FirstPause * 1.5);
    }

    [Fact]
    public void Next_ReceiverAsksForTime_GivesItWithinReason()
    {
        Assert.Equal(TimeSpan.FromMinutes(2), new DeliveryBackoff(Options).Next(DeliveryResult.Failed("Busy.", TimeSpan.FromMinutes(2))));
        Assert.Equal(Options.LongestRetryAfter, new DeliveryBackoff(Options).Next(DeliveryResult.Failed("Busy.", TimeSpan.FromDays(400))));
        Assert.InRange(new DeliveryBackoff(Options).Next(DeliveryResult.Failed("Busy.", TimeSpan.FromDays(-1))), Options.FirstPause * 0.5, Options.FirstPause * 1.5);
    }

    [Fact]
    public void Next_Refused_IsSlow() =>
        Assert.InRange(new DeliveryBackoff(Options).Next(DeliveryResult.Refused("No.")), Options.RefusedPause * 0.5, Options.RefusedPause * 1.5);

    [Fact]
    public void Result_Zero_DeliversNothing() => Assert.Equal(DeliveryOutcome.Failed, default(DeliveryResult).Outcome);
}
