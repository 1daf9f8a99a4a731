namespace Gateway.Tests.EndToEnd;

/// <summary>Waits for what another process is about to do, and not for longer than a busy machine needs.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> failure, CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow + Patience;
        while (!await condition())
        {
            if (DateTime.UtcNow > end)
            {
                Assert.Fail(failure());
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
