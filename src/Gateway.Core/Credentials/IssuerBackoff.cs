using System.Security.Cryptography;

namespace Gateway.Core.Credentials;

/// <summary>Keeps a failing issuer from being hammered, however many agents want a lease of it.</summary>
/// <remarks>
/// While the issuer works, it may be asked by every key at once. After a failure nobody asks for a growing while, then one
/// key asks for all; its success lets the others in.
/// </remarks>
internal sealed class IssuerBackoff(LeaseStoreOptions options)
{
    private readonly Lock _gate = new();
    private string _message = "";
    private DateTimeOffset _failedAt;
    private DateTimeOffset _notBefore;
    private int _failures;
    private bool _probing;

    /// <summary>Asks for leave to ask the issuer; every success is followed by <see cref="Succeeded"/>, <see cref="Failed"/> or <see cref="Withdraw"/>.</summary>
    public bool TryEnter(DateTimeOffset now, out LeaseResult refusal)
    {
        lock (_gate)
        {
            if (_failures == 0 || (now >= _notBefore && !_probing))
            {
                _probing = _failures > 0;
                refusal = default;
                return true;
            }

            var wait = now < _notBefore ? _notBefore - now : options.MinimumBackoff;
            refusal = LeaseResult.Unavailable(wait, _message);
            return false;
        }
    }

    /// <returns>Whether the issuer had been failing.</returns>
    public bool Succeeded()
    {
        lock (_gate)
        {
            var recovered = _failures > 0;
            _failures = 0;
            _probing = false;
            return recovered;
        }
    }

    /// <param name="startedAt">When the issuer was asked.</param>
    /// <param name="now">The time.</param>
    /// <param name="message">Why it failed, fit for an operator's log.</param>
    public LeaseResult Failed(DateTimeOffset startedAt, DateTimeOffset now, string message)
    {
        lock (_gate)
        {
            // Requests that were under way together when the issuer broke are one failure, not sixty-four.
            if (_failures == 0 || startedAt > _failedAt)
            {
                _message = message;
                _failedAt = now;
                _notBefore = now + Pause(_failures++);
                _probing = false;
            }

            return LeaseResult.Unavailable(now < _notBefore ? _notBefore - now : options.MinimumBackoff, message);
        }
    }

    /// <summary>The issuer was not asked after all, or nobody wants to know what it said.</summary>
    public void Withdraw()
    {
        lock (_gate)
        {
            _probing = false;
        }
    }

    /// <summary>Whether forgetting the state would change nothing, or it has not mattered for long.</summary>
    public bool IsForgettable(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _failures == 0 || (!_probing && now > _notBefore + (2 * options.MaximumBackoff));
        }
    }

    private TimeSpan Pause(int exponent)
    {
        var pause = options.MinimumBackoff * Math.Pow(2, Math.Min(exponent, 30));
        // Agents of several gateways must not come back in step: 80 to 120 %.
        pause *= RandomNumberGenerator.GetInt32(800, 1201) / 1000.0;
        return TimeSpan.FromTicks(Math.Clamp(pause.Ticks, options.MinimumBackoff.Ticks, options.MaximumBackoff.Ticks));
    }
}
