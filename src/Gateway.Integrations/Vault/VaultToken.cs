using System.Text.Json;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>A token that the gateway works with, and until when.</summary>
internal sealed class VaultToken
{
    private const long Never = long.MaxValue;

    private long _expiresAt;
    private long _renewAt;
    private long _neededUntil;
    private volatile bool _isFinal;

    private VaultToken(SecretValue value, string accessor, bool isOurs, TimeSpan life)
    {
        (Value, Accessor, IsOurs, Life) = (value, accessor, isOurs, life);
    }

    public SecretValue Value { get; }

    public string Accessor { get; }

    /// <summary>Whether the gateway obtained it, and so ends it when it stops.</summary>
    public bool IsOurs { get; }

    /// <summary>The life it began with; zero where it has no end.</summary>
    public TimeSpan Life { get; }

    /// <summary>When it ends for good, and with it whatever was made with it; null where it can be renewed or has no end.</summary>
    public DateTimeOffset? EndsAt => _isFinal && Volatile.Read(ref _expiresAt) is not Never and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether renewing would not help.</summary>
    public bool IsFinal => _isFinal;

    /// <summary>When it has to be renewed or replaced; null where never.</summary>
    public DateTimeOffset? RenewAt => Volatile.Read(ref _renewAt) is not Never and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <param name="auth">The "auth" of a login or of a new token.</param>
    /// <param name="isOurs">Whether the gateway made it.</param>
    /// <param name="askedAt">When it was asked for, from which its life is counted.</param>
    /// <returns>Null where there is no usable token.</returns>
    public static VaultToken? Read(JsonElement auth, bool isOurs, DateTimeOffset askedAt) =>
        VaultAnswer.Secret(auth, "client_token") is { } value
            ? Create(value, VaultAnswer.Text(auth, "accessor") ?? "", isOurs, VaultAnswer.Flag(auth, "renewable"), VaultAnswer.Seconds(auth, "lease_duration"), askedAt)
            : null;

    public static VaultToken Create(SecretValue value, string accessor, bool isOurs, bool isRenewable, TimeSpan? life, DateTimeOffset askedAt)
    {
        var token = new VaultToken(value, accessor, isOurs, life ?? TimeSpan.Zero) { _isFinal = !isRenewable };
        token.Prolong(life, askedAt);
        return token;
    }

    /// <summary>Notes that it is not renewed any more: it ends when it says.</summary>
    public void MarkFinal() => _isFinal = true;

    /// <summary>Notes that something hangs on it which ends with it.</summary>
    public void Need(DateTimeOffset until)
    {
        var known = Volatile.Read(ref _neededUntil);
        while (known < until.UtcTicks)
        {
            var seen = Interlocked.CompareExchange(ref _neededUntil, until.UtcTicks, known);
            if (seen == known)
            {
                return;
            }

            known = seen;
        }
    }

    /// <summary>Whether something hangs on it, and it is time to renew it.</summary>
    public bool IsDueForOthers(DateTimeOffset now) => !_isFinal && IsLive(now) && RenewAt <= now && now.UtcTicks < Volatile.Read(ref _neededUntil);

    public bool IsLive(DateTimeOffset now) => now.UtcTicks < Volatile.Read(ref _expiresAt);

    /// <summary>Notes a renewal.</summary>
    /// <param name="life">What the server gave; null means no end.</param>
    /// <param name="askedAt">When it was asked.</param>
    /// <remarks>Less than half of the life it began with: it is near its greatest age, and the next one must be obtained.</remarks>
    public void Prolong(TimeSpan? life, DateTimeOffset askedAt)
    {
        // 2/3 of the life, 15 % earlier or later, so that replicas do not come in step.
        var factor = 2.0 / 3.0 * (0.85 + (0.3 * Random.Shared.NextDouble()));
        Volatile.Write(ref _expiresAt, life is { } span ? (askedAt + span).UtcTicks : Never);
        Volatile.Write(ref _renewAt, life is { } rest ? (askedAt + (rest * factor)).UtcTicks : Never);
        _isFinal |= life < Life / 2;
    }

    public override string ToString() => "token [redacted]";
}
