using Gateway.Core.Tests.Identity;
using Gateway.Integrations.DecisionPoints;

namespace Gateway.Integrations.Tests.DecisionPoints;

public sealed class CircuitBreakerTests
{
    private readonly TestClock _clock = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerTests() => _breaker = new CircuitBreaker(_clock);

    [Fact]
    public void TryEnter_FewerFailuresInARow_IsOpenToAll()
    {
        Fail(CircuitBreaker.Threshold - 1);
        _breaker.Succeeded();
        Fail(CircuitBreaker.Threshold - 1);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(_breaker.TryEnter()));
    }

    [Fact]
    public void TryEnter_FailuresInARow_OneTriesAfterEachPause()
    {
        Fail(CircuitBreaker.Threshold);

        Assert.False(_breaker.TryEnter());
        for (var pause = 0; pause < 3; pause++)
        {
            _clock.Advance(CircuitBreaker.Pause);
            Assert.True(_breaker.TryEnter());

            // That one was given up: neither success nor failure is ever reported.
            Assert.False(_breaker.TryEnter());
        }
    }

    [Fact]
    public void TryEnter_ProbeSucceeds_IsOpenToAll()
    {
        Fail(CircuitBreaker.Threshold);
        _clock.Advance(CircuitBreaker.Pause);
        Assert.True(_breaker.TryEnter());

        _breaker.Succeeded();

        Assert.True(_breaker.TryEnter());
        Assert.True(_breaker.TryEnter());
    }

    [Fact]
    public void TryEnter_ProbeFails_APauseBegins()
    {
        Fail(CircuitBreaker.Threshold);
        _clock.Advance(CircuitBreaker.Pause);
        Assert.True(_breaker.TryEnter());
        _clock.Advance(CircuitBreaker.Pause / 2);

        _breaker.Failed();
        _clock.Advance(CircuitBreaker.Pause / 2);

        Assert.False(_breaker.TryEnter());
    }

    [Fact]
    public async Task TryEnter_ManyAtOnceAfterAPause_OneGetsIn()
    {
        Fail(CircuitBreaker.Threshold);
        _clock.Advance(CircuitBreaker.Pause);

        var entered = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(_breaker.TryEnter)));

        Assert.Single(entered, e => e);
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _breaker.Failed();
        }
    }
}
