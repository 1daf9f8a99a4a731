using System.Diagnostics;

namespace Gateway.Integrations.Tests.Oidc;

internal static class Eventually
{
    /// <summary>Waits in real time for what other threads are about to do; generous, since it only bounds a failing test.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), $"Waited in vain until {what}.");
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }
}
