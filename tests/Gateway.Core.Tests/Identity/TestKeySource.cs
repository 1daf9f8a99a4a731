using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity;

/// <summary>Keys that a test sets, now or at the next refresh.</summary>
internal sealed class TestKeySource(SigningKeySet? current) : ISigningKeySource
{
    private int _refreshes;

    public SigningKeySet? Current { get; set; } = current;

    public SigningKeySet? AfterRefresh { get; set; }

    public int Refreshes => _refreshes;

    public async ValueTask<SigningKeySet?> RefreshAsync(SigningKeySet? seen, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _refreshes);
        await Task.Yield();
        Current = AfterRefresh ?? Current;
        return Current;
    }
}
