using Gateway.Core.Audit.Reading;

namespace Gateway.Core.Audit.Index;

/// <summary>Finds calls in the log. A convenience and never evidence: the files are the truth, and an index can be made of them at any time.</summary>
/// <remarks>
/// One writer, any number of readers. Every method throws <see cref="CallIndexException"/> where the index cannot be used;
/// no call is ever refused for that.
/// </remarks>
internal interface ICallIndex : IAsyncDisposable
{
    /// <summary>Makes the index ready to be written, from nothing where it is lost, damaged or that of another log; cheap where it is ready.</summary>
    /// <returns>The sequence number of the last record that it covers; 0 where it is empty.</returns>
    ValueTask<long> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Adds calls and the fact that all records are covered up to <paramref name="last"/>: both or neither.</summary>
    ValueTask AddAsync(IReadOnlyList<IndexedCall> calls, CallLogLine last, CancellationToken cancellationToken);

    /// <summary>Forgets what is before a sequence number, because its files were deleted.</summary>
    ValueTask PruneAsync(long first, CancellationToken cancellationToken);

    /// <exception cref="CallCursorException">The cursor is none.</exception>
    ValueTask<CallPage> ReadAsync(CallQuestion question, CancellationToken cancellationToken);

    /// <summary>The cursor behind the newest record that is covered.</summary>
    ValueTask<string> EndAsync(CancellationToken cancellationToken);

    /// <returns>The call's event; null where there is none.</returns>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(string call, CancellationToken cancellationToken);
}
