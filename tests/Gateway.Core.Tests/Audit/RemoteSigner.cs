using System.Text;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit;

/// <summary>A key in another system, which may refuse, answer never, or have another key from now on.</summary>
internal sealed class RemoteSigner : IAuditSigner
{
    private readonly Lock _gate = new();
    private readonly List<AuditKey> _keys = [AuditKey.Parse(AuditKey.Generate())];
    private int _asked;
    private int _waiting;

    public IReadOnlyList<string> PublicKeys
    {
        get
        {
            lock (_gate)
            {
                return [.. _keys.Select(k => k.PublicPem)];
            }
        }
    }

    /// <summary>Which payloads it refuses; null refuses none.</summary>
    public Func<string, bool>? Refuses { get; set; }

    public bool IsDown
    {
        set => Refuses = value ? _ => true : null;
    }

    /// <summary>Whether it takes requests and never answers.</summary>
    public bool Hangs { get; set; }

    /// <summary>Whether whoever waits for it can give up.</summary>
    public bool HeedsItsToken { get; set; } = true;

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Whether somebody waits for an answer.</summary>
    public bool IsAwaited => Volatile.Read(ref _waiting) > 0;

    public void Rotate()
    {
        lock (_gate)
        {
            _keys.Add(AuditKey.Parse(AuditKey.Generate()));
        }
    }

    public async ValueTask<string> SignCompactAsync(string type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        if (Hangs)
        {
            await HangAsync(HeedsItsToken ? cancellationToken : CancellationToken.None);
        }

        await Task.Yield();
        if (Refuses?.Invoke(Encoding.UTF8.GetString(payload.Span)) == true)
        {
            throw new AuditSigningException("The test's signer refuses.");
        }

        lock (_gate)
        {
            return _keys[^1].SignCompact(type, payload.Span);
        }
    }

    private async Task HangAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
