using Gateway.Calls;
using Gateway.Core.Audit.Index;

namespace Gateway.Tests.Calls;

public sealed class CallFilterTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 22, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-21T22:00:00Z", -30 * 60)]
    [InlineData("2026-11-21t22:00:00z", -30 * 60)]
    [InlineData("2026-11-21T22:30:00.5Z", 0.5)]
    [InlineData("2026-11-21T23:30:00+01:00", 0)]
    [InlineData("2026-11-21T23:30:00 01:00", 0)]
    [InlineData("2026-11-21T21:30:00.25-01:00", 0.25)]
    [InlineData("90s", -90)]
    [InlineData("15m", -15 * 60)]
    [InlineData("24h", -24 * 3600)]
    [InlineData("0s", 0)]
    public void Read_Time_IsThatMoment(string text, double seconds) => Assert.Equal(Now.AddSeconds(seconds), Read(("since", text)).Question.Filter.Since);

    [Theory]
    [InlineData("2026-11-21")]
    [InlineData("2026-11-21T22:00:00")]
    [InlineData("2026-11-21 22:00:00Z")]
    [InlineData("2026-11-31T22:00:00Z")]
    [InlineData("1795300200")]
    [InlineData("15")]
    [InlineData("-15m")]
    [InlineData("now")]
    public void Read_NoTime_SaysWhatToWrite(string text) => Assert.StartsWith("'until' takes a time such as", Read(("until", text)).Problem, StringComparison.Ordinal);

    [Fact]
    public void Read_Nothing_IsTheNewestHundred()
    {
        var (problem, question) = Read();

        Assert.Null(problem);
        Assert.Equal((CallFilter.All, 100, null, false), (question.Filter, question.Limit, question.Cursor, question.OldestFirst));
    }

    [Fact]
    public void Read_EmptyValues_AskForNothing() => Assert.Equal(CallFilter.All, Read(("agent", ""), ("tool", ""), ("since", ""), ("decision", "")).Question.Filter);

    private static (string? Problem, CallQuestion Question) Read(params (string Name, string Value)[] parameters)
    {
        var problem = new CallFilterText(new StoppedClock()).Read(parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)), out var question);
        return (problem, question);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
