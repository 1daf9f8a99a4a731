namespace Gateway.Core.Audit.Chain;

/// <summary>Has statements about the log signed, and lets the log go on without them for as long as its signer fails.</summary>
/// <remarks>
/// The chain needs no key: what is recorded without a statement is chained as ever, and the next statement vouches for all of it.
/// Used by the journal's writer alone.
/// </remarks>
internal sealed class StatementSigner(CallJournalOptions options, IAuditSigner signer, JournalHealth health, TimeProvider clock)
{
    private LogStatements? _statements;
    private long? _failedAt;
    private int _published;

    /// <summary>Whether the log's id is known, without which nothing can be signed.</summary>
    public bool HasLog => _statements is not null;

    /// <summary>Whether the last attempt failed, so lately that no other is worth the time that it may take.</summary>
    public bool IsResting => _failedAt is { } at && clock.GetElapsedTime(at) < options.SigningRetryInterval;

    /// <param name="log">The id that all statements carry.</param>
    public void Begin(string log) => _statements = new LogStatements(signer, log, clock);

    /// <summary>Puts all public keys beside the log, with which they may have been lost.</summary>
    public void PublishKeys()
    {
        _published = 0;
        PublishNewKeys();
    }

    /// <inheritdoc cref="LogStatements.SignAsync"/>
    public async ValueTask<string> SignAsync(StatementKind kind, long sequence, string chain, bool closed = false)
    {
        var statements = _statements ?? throw new InvalidOperationException("The log is restored before anything is signed.");
        var statement = await statements.SignAsync(kind, sequence, chain, closed);

        // Ahead of the statement: a log whose statements name a key that is not beside it would seem to be signed by a stranger.
        PublishNewKeys();
        return statement;
    }

    /// <returns>Null where there is no signature to be had now.</returns>
    /// <inheritdoc cref="LogStatements.SignAsync"/>
    public async ValueTask<string?> TrySignAsync(StatementKind kind, long sequence, string chain, bool closed = false)
    {
        if (IsResting)
        {
            return null;
        }

        try
        {
            var statement = await SignAsync(kind, sequence, chain, closed);
            _failedAt = null;
            health.NoteSigned();
            return statement;
        }
        catch (AuditSigningException problem)
        {
            _failedAt = clock.GetTimestamp();
            health.NoteUnsigned(problem.Message);
            return null;
        }
    }

    private void PublishNewKeys()
    {
        var keys = signer.PublicKeys;
        for (; _published < keys.Count; _published++)
        {
            PublicKeyFile.Add(options.Directory, keys[_published]);
        }
    }
}
