using System.Text.Json;

namespace Gateway.Core.Identity.Jwt;

/// <summary>Reads a NumericDate (RFC 7519, section 2): seconds since 1970, possibly fractional.</summary>
internal static class NumericDate
{
    // 9999-12-31T23:59:59Z, the last second that a DateTimeOffset holds.
    private const decimal MaxSeconds = 253_402_300_799m;

    /// <summary>Reads an optional date; false where it is there and is no date that a clock could show.</summary>
    public static bool TryRead(JsonElement claims, string name, out DateTimeOffset? date)
    {
        date = null;
        if (!claims.TryGetProperty(name, out var value))
        {
            return true;
        }

        // Decimal, since a double of today's seconds is off by a tick or two, and since 1e308 does not fit and is told so.
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var seconds) || seconds is < 0 or > MaxSeconds)
        {
            return false;
        }

        date = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }
}
