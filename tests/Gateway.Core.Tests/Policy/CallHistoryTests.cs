using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Policy;

namespace Gateway.Core.Tests.Policy;

public sealed class CallHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly CallHistory _history = new();

    [Fact]
    public void Begin_EarlierCalls_AreCountedWithoutItself()
    {
        Call(Start, "a");
        Call(Start.AddSeconds(1), "b");
        var view = _history.Begin("corp:agent", Start.AddSeconds(2));

        Assert.Equal(2, view.CallsLastMinute);
        Assert.Equal(2, view.CallsLastHour);
        Assert.Equal(["a", "b"], view.ToolsLastHour.Order());
    }

    [Fact]
    public void Begin_AfterAMinute_OnlyTheHourRemembers()
    {
        Call(Start, "a");
        var view = _history.Begin("corp:agent", Start.AddSeconds(60));

        Assert.Equal(0, view.CallsLastMinute);
        Assert.Equal(1, view.CallsLastHour);
    }

    [Fact]
    public void Begin_AfterAnHour_NothingIsLeft()
    {
        Call(Start, "a");
        Deny(Start);
        var view = _history.Begin("corp:agent", Start.AddHours(1));

        Assert.Equal(0, view.CallsLastHour);
        Assert.Equal(0, view.DeniedLastHour);
        Assert.Empty(view.ToolsLastHour);
    }

    [Fact]
    public void Decided_Denied_CountsAsDenialAndNotAsCall()
    {
        Deny(Start);
        var view = _history.Begin("corp:agent", Start.AddSeconds(1));

        Assert.Equal(0, view.CallsLastMinute);
        Assert.Equal(1, view.DeniedLastHour);
        Assert.Empty(view.ToolsLastHour);
    }

    [Fact]
    public void Begin_OtherAgent_HasAHistoryOfItsOwn()
    {
        Call(Start, "a");

        Assert.Equal(0, _history.Begin("corp:other", Start).CallsLastHour);
    }

    [Fact]
    public async Task Begin_AtTheSameMoment_EachSeesAnotherNumber()
    {
        var views = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => _history.Begin("corp:agent", Start))));

        Assert.Equal(Enumerable.Range(0, 64), views.Select(v => v.CallsLastMinute).Order());
    }

    [Fact]
    public void CountingWindow_AnyTimes_CountsAsAListWould() => Prop.ForAll(Gen.Choose(0, 90).ListOf().ToArbitrary(), gaps =>
    {
        var window = new CountingWindow(TimeSpan.FromSeconds(1));
        var times = new List<DateTimeOffset>();
        var now = Start;
        foreach (var gap in gaps)
        {
            now = now.AddSeconds(gap);
            window.Add(now, 1);
            times.Add(now);
            if (window.Total(now) != times.Count(t => now - t < TimeSpan.FromSeconds(60)))
            {
                return false;
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    private void Call(DateTimeOffset at, string tool) => _history.Begin("corp:agent", at).Decided(tool, permitted: true);

    private void Deny(DateTimeOffset at) => _history.Begin("corp:agent", at).Decided("x", permitted: false);
}
