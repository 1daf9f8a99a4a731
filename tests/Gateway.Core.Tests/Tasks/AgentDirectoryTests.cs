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
    public void Suspend_AgentThatHasCalled_ClosesItsGateOnly()
    {
        var gate = _agents.TryEnter("corp:a");
        var other = _agents.TryEnter("corp:b");

        var closed = _agents.Suspend(Pattern("corp:a"), "leaks");

        Assert.Same(gate, Assert.Single(closed));
        Assert.Null(_agents.TryEnter("corp:a"));
        Assert.NotNull(_agents.TryEnter("corp:b"));
        Assert.False(other?.IsClosed);
    }

    [Fact]
    public void Suspend_AgentNotSeenYet_IsKeptOut()
    {
        _agents.Suspend(Pattern("spiffe://example.org"), "breach");

        Assert.Null(_agents.TryEnter("spiffe://example.org/agent/new"));
    }

    [Fact]
    public async Task Resume_Suspended_MayCallAgain()
    {
        var before = _agents.TryEnter("corp:a");
        _agents.Suspend(Pattern("corp:a"), "leaks");

        Assert.True(await _agents.ResumeAsync(Pattern("corp:a"), Cancellation));

        Assert.NotNull(_agents.TryEnter("corp:a"));
        Assert.True(before?.IsClosed);
    }

    [Fact]
    public async Task Resume_TwiceSuspended_OnePatternIsLeft()
    {
        _agents.Suspend(Pattern("corp:a"), "leaks");
        _agents.Suspend(Pattern("corp:*"), "all of them");

        await _agents.ResumeAsync(Pattern("corp:a"), Cancellation);

        Assert.Null(_agents.TryEnter("corp:a"));
        Assert.False(await _agents.ResumeAsync(Pattern("corp:a"), Cancellation));
    }

    [Fact]
    public async Task Restore_SuspensionsOfAnEarlierProcess_Hold()
    {
        _agents.Suspend(Pattern("corp:a"), "leaks");
        await _agents.RememberAsync(Pattern("corp:a"), Cancellation);
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
            var closed = _agents.Suspend(Pattern(agent), "race");
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
