using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Core.Credentials;

/// <summary>From when to when a lease is used, and when it is to be replaced.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeaseTerm(DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The life of a credential whose issuer and configuration state none, so that a rotated secret is picked up.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    /// <summary>Upper bound of the time before the issuer's expiry at which use stops: clocks differ, and requests take time to arrive.</summary>
    private static readonly TimeSpan MaximumMargin = TimeSpan.FromSeconds(5);

    /// <summary>Whether it ends because something else does, so that no other lease could last longer.</summary>
    public bool IsFinal { get; private init; }

    /// <summary>When a call should start a refresh: two thirds of the life, earlier or later by up to 15 % so that leases issued together are not refreshed together.</summary>
    public DateTimeOffset RefreshAt()
    {
        if (IsFinal)
        {
            return DateTimeOffset.MaxValue;
        }

        var jitter = RandomNumberGenerator.GetInt32(-150, 151) / 1000.0;
        return IssuedAt + ((ExpiresAt - IssuedAt) * (2.0 / 3.0 * (1 + jitter)));
    }

    /// <summary>The earliest of the issuer's expiry (less a margin of a tenth, at most 5 s) and our own limits.</summary>
    /// <param name="issuedAt">When the issuer was asked.</param>
    /// <param name="issuerExpiry">Null where the issuer did not say.</param>
    /// <param name="limit">The smallest of the configured lifetimes; null where there is none.</param>
    /// <param name="end">When the task or the credential itself ends; null where neither does.</param>
    public static LeaseTerm Of(DateTimeOffset issuedAt, DateTimeOffset? issuerExpiry, TimeSpan? limit, DateTimeOffset? end = null)
    {
        var life = limit ?? (issuerExpiry is null ? Default : TimeSpan.MaxValue);
        if (issuerExpiry is { } expiry)
        {
            var stated = expiry - issuedAt;
            var margin = stated / 10 < MaximumMargin ? stated / 10 : MaximumMargin;
            life = stated - margin < life ? stated - margin : life;
        }

        return end is { } final && final - issuedAt <= life
            ? new LeaseTerm(issuedAt, final) { IsFinal = true }
            : new LeaseTerm(issuedAt, issuedAt + life);
    }
}
