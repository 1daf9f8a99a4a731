using Gateway.Core.Identity.Spiffe;

namespace Gateway.Integrations.Spiffe;

/// <summary>When a bundle is read again.</summary>
internal static class BundleSchedule
{
    /// <summary>SPIFFE Trust Domain and Bundle, section 6.1: a low default, so that a withdrawn key does not live on.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    /// <summary>A hint of a second or less must not turn into a flood, nor one of a month into a withdrawn key that works for a month.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan File = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <param name="definition">What is configured goes before what the bundle says.</param>
    /// <param name="bundle">The last good one; null before there was one.</param>
    /// <param name="failures">In a row.</param>
    public static TimeSpan NextDelay(TrustDomainDefinition definition, SpiffeBundle? bundle, int failures)
    {
        var interval = definition.RefreshInterval ?? (definition.Endpoint is null ? File : Clamp(bundle?.RefreshHint ?? Default, definition.MaxBundleAge));
        if (bundle is not null || failures == 0)
        {
            // After a failure too: there is a bundle to go on with, and the trust domain has said when it wants to be asked.
            return interval;
        }

        var retry = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        return retry < interval ? retry : interval;
    }

    private static TimeSpan Clamp(TimeSpan hint, TimeSpan maxAge)
    {
        var longest = maxAge < Longest ? maxAge : Longest;
        return hint < Shortest ? Shortest : hint > longest ? longest : hint;
    }
}
