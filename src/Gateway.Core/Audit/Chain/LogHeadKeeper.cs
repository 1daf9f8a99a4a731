namespace Gateway.Core.Audit.Chain;

/// <summary>Keeps <see cref="LogHead"/> about the end of the log, as far as there are signatures to be had. Used by the journal's writer alone.</summary>
internal sealed class LogHeadKeeper(CallJournalOptions options, StatementSigner signing, TimeProvider clock)
{
    private bool _isOld;
    private long _writtenAt;

    /// <summary>Whether it does not cover the end of the log, and can be renewed.</summary>
    public bool IsOld => _isOld && !signing.IsResting;

    /// <summary>Says that the log has gone on, or that the head may be lost.</summary>
    public void Outdate() => _isOld = true;

    /// <summary>Renews it when it is time.</summary>
    /// <param name="sequence">The last record on file.</param>
    /// <param name="chain">Its value in the chain, hexadecimal.</param>
    public async ValueTask RenewAsync(long sequence, string chain)
    {
        if (_isOld && clock.GetElapsedTime(_writtenAt) >= options.HeadInterval && await signing.TrySignAsync(StatementKind.Head, sequence, chain) is { } statement)
        {
            Write(statement);
        }
    }

    /// <summary>Says that the log ends there in good order.</summary>
    /// <exception cref="AuditSigningException">There is no signature to be had now.</exception>
    /// <inheritdoc cref="RenewAsync"/>
    public async ValueTask CloseAsync(long sequence, string chain) => Write(await signing.SignAsync(StatementKind.Head, sequence, chain, closed: true));

    private void Write(string statement)
    {
        LogHead.Write(options.Directory, statement, flush: options.Durability == CallJournalDurability.Fsync);
        _isOld = false;
        _writtenAt = clock.GetTimestamp();
    }
}
