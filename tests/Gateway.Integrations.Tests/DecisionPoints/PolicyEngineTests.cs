using Gateway.Core.Policy;

namespace Gateway.Integrations.Tests.DecisionPoints;

/// <summary>What the tests of every engine that asks a policy server have in common.</summary>
public abstract class PolicyEngineTests : IDisposable
{
    private protected Asking Asking { get; } = new();

    public void Dispose()
    {
        Asking.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The engine under test, over a server.</summary>
    private protected abstract IPolicyEngine Engine(string url);

    /// <summary>The decision about <see cref="Asking.Request"/> when the server answers so.</summary>
    private protected async Task<Decision> DecideAsync(string answer)
    {
        await using var server = await PolicyServer.StartAsync(answer);
        return await Engine(server.Url).DecideAsync(Asking.Request, TestContext.Current.CancellationToken);
    }

    private protected async Task AssertMalformedAsync(string answer)
    {
        var decision = await DecideAsync(answer);

        Assert.False(decision.Permitted);
        Assert.StartsWith("The policy decision point's answer", Assert.Single(decision.Errors), StringComparison.Ordinal);
    }
}
