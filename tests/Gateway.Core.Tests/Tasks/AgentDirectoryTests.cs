using Gateway.Core.Tasks;
using Gateway.Core.Tests.Credentials;

namespace Gateway.Core.Tests.Tasks;

public sealed class AgentDirectoryTests
{
    private readonly MemorySuspensionStore _store = new();
    private readonly AgentDirectory _agents;

    public AgentDirectoryTests() => _agents = new AgentDirectory(_store, new ManualClock());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Suspend_AgentThatHasCalled_ClosesItsGateOnly()
    {
        var gate = _agents.TryEnter("corp:a");
        var other = _agents.TryEnter("corp:b");

        var closed = await _agents.SuspendAsync(Pattern("corp:a"), "leaks", Cancellation);

        Assert.Same(gate, Assert.Single(closed));
        Assert.Null(_agents.TryEnter("corp:a"));
        Assert.NotNull(_agents.TryEnter("corp:b"));
        Assert.False(other?.IsClosed);
    }

    [Fact]
    public async Task Suspend_AgentNotSeenYet_IsKeptOut()
    {
        await _agents.SuspendAsync(Pattern("spiffe://example.org"), "breach", Cancellation);

        Assert.Null(_agents.TryEnter("spiffe://example.org/agent/new"));
    }

    [Fact]
    public async Task Resume_Suspended_MayCallAgain()
    {
        var before = _agents.TryEnter("corp:a");
        await _agents.SuspendAsync(Pattern("corp:a"), "leaks", Cancellation);

        Assert.True(await _agents.ResumeAsync(Pattern("corp:a"), Cancellation));

        Assert.NotNull(_agents.TryEnter("corp:a"));
        Assert.True(before?.IsClosed);
    }

    [Fact]
    public async Task Resume_TwiceSuspended_OnePatternIsLeft()
    {
        await _agents.SuspendAsync(Pattern("corp:a"), "leaks", Cancellation);
        await _agents.SuspendAsync(Pattern("corp:*"), "all of them", Cancellation);

        await _agents.ResumeAsync(Pattern("corp:a"), Cancellation);

        Assert.Null(_agents.TryEnter("corp:a"));
        Assert.False(await _agents.ResumeAsync(Pattern("corp:a"), Cancellation));
    }

    [Fact]
    public async Task Restore_SuspensionsOfAnEarlierProcess_Hold()
    {
        await _agents.SuspendAsync(Pattern("corp:a"), "leaks", Cancellation);
        var next = new AgentDirectory(_store, new ManualClock());
        await next.RestoreAsync(Cancellation);

        Assert.Null(next.TryEnter("corp:a"));
    }

    [Fact]
    public async Task Suspend_AgainstCallsThatEnter_NoneIsInsideAnOpenGate()
    {
        for (var round = 0; round < 500; round++)
        {
            var agent = $"corp:{round}";
            var entering = Task.Run(() => _agents.TryEnter(agent), Cancellation);
            var closed = await _agents.SuspendAsync(Pattern(agent), "race", Cancellation);
            var gate = await entering;

            Assert.True(gate is null || closed.Contains(gate));
        }
    }

    private static AgentPattern Pattern(string text)
    {
        Assert.True(AgentPattern.TryParse(text, out var pattern, out _));
        return pattern;
    }
}
