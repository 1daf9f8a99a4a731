using System.Diagnostics;

namespace Gateway.Core.Credentials;

/// <summary>A revocation that is not settled yet, as the book keeps it.</summary>
/// <param name="owed">As it is remembered.</param>
/// <param name="issuer">Who issued it; null for what a process before this one left behind.</param>
[DebuggerDisplay("{Name,nq}")]
internal sealed class Debt(OwedRevocation owed, ICredentialProvider? issuer)
{
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Status _status = new(0, null, null, false);

    public OwedRevocation Owed { get; } = owed;

    public string Id => Owed.Id;

    public ICredentialProvider? Issuer { get; } = issuer;

    /// <summary>What operators and the log call it: the lease, unless it is for a whole task.</summary>
    public string Name => Owed.Revocation.ServesTask ? Owed.Id : Owed.Lease;

    /// <summary>When its issuer ends it by itself; null where that is not known. Under the book's lock.</summary>
    public DateTimeOffset? ExpiresAt { get; set; } = owed.Revocation.ExpiresAt;

    /// <summary>Whether it is to be revoked; until then its credential is in use. Under the book's lock.</summary>
    public bool IsOwed { get; set; }

    /// <summary>Whether it was handed to the worker. Under the book's lock.</summary>
    public bool IsPursued { get; set; }

    /// <summary>How often its lease was used; null where nobody knows. Under the book's lock.</summary>
    public long? Uses { get; set; }

    /// <summary>The operator who demanded the revocation; null where nobody did. Under the book's lock.</summary>
    public string? By { get; set; }

    public int Attempts => _status.Attempts;

    public DateTimeOffset? NextAttemptAt => _status.NextAttemptAt;

    /// <summary>Why the last attempt failed; no secret, no issuer's words.</summary>
    public string? Problem => _status.Problem;

    /// <summary>Whether nothing will come of trying without an operator.</summary>
    public bool IsStuck => _status.IsStuck;

    /// <summary>Completes after the first attempt, whatever came of it.</summary>
    public Task WaitUntilTriedAsync(CancellationToken cancellationToken) => _tried.Task.WaitAsync(cancellationToken);

    /// <summary>Completes when nothing is owed any more.</summary>
    public Task WaitUntilSettledAsync(CancellationToken cancellationToken) => _settled.Task.WaitAsync(cancellationToken);

    /// <summary>Waits for a time, or until somebody demands it.</summary>
    public async Task PauseAsync(TimeSpan pause, TimeProvider clock, CancellationToken cancellationToken)
    {
        await _woken.Task.WaitAsync(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends the pause; without one, the next is none.</summary>
    public void Wake() => _woken.TrySetResult();

    public void Fail(string problem, bool isStuck, DateTimeOffset nextAttemptAt)
    {
        _status = new Status(Attempts + 1, nextAttemptAt, problem, isStuck);
        _tried.TrySetResult();
    }

    public void Settle()
    {
        _tried.TrySetResult();
        _settled.TrySetResult();
    }

    private sealed record Status(int Attempts, DateTimeOffset? NextAttemptAt, string? Problem, bool IsStuck);
}
