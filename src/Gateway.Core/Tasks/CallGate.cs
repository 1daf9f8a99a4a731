using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Tasks;

/// <summary>Lets calls in until it is closed; then cuts those inside off and tells when the last one has left.</summary>
/// <remarks>Entering and leaving is one interlocked operation each, so that the calls of a task wait for nothing.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer and links holds nothing, and calls may register with it at any time.")]
internal sealed class CallGate
{
    /// <summary>The calls inside, with the sign bit as "closed".</summary>
    private int _state;

    private readonly CancellationTokenSource _cut = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cancelled when the calls inside have to stop.</summary>
    public CancellationToken Cut => _cut.Token;

    public bool IsClosed => Volatile.Read(ref _state) < 0;

    /// <summary>Calls inside.</summary>
    public int Count => Volatile.Read(ref _state) & int.MaxValue;

    /// <summary>Waits until the gate is closed and nobody is inside.</summary>
    public Task WaitUntilEmptyAsync(CancellationToken cancellationToken) => _empty.Task.WaitAsync(cancellationToken);

    /// <summary>Counts a call in; false once the gate is closed.</summary>
    public bool TryEnter()
    {
        // Counted first and judged by what came out: whoever closes the gate either sees this call or keeps it out.
        if (Interlocked.Increment(ref _state) > 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Counts a call out; once for each successful <see cref="TryEnter"/>.</summary>
    /// <returns>How many are left inside.</returns>
    public int Leave()
    {
        var state = Interlocked.Decrement(ref _state);
        if (state == int.MinValue)
        {
            _empty.TrySetResult();
        }

        return state & int.MaxValue;
    }

    /// <summary>Keeps further calls out; for good. Those inside go on until <see cref="CutOff"/>.</summary>
    public void Close()
    {
        if ((Interlocked.Or(ref _state, int.MinValue) & int.MaxValue) == 0)
        {
            _empty.TrySetResult();
        }
    }

    /// <summary>Cancels <see cref="Cut"/>. What the cancelled calls do about it runs before this returns.</summary>
    public void CutOff() => _cut.Cancel();
}
