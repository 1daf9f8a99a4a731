namespace Gateway.Integrations.Vault;

/// <summary>What a status of Vault means, in the gateway's words.</summary>
internal static class VaultWords
{
    public const string Sealed = "it is sealed";

    private const string NotInitialised = "it is not initialised";

    /// <summary>Why a request was refused, to follow a colon.</summary>
    public static string Explain(VaultAnswer answer) => answer.Status switch
    {
        400 when answer.Says("missing client token") => "a proxy on the way took the gateway's token away",
        400 => "the request does not fit; check role and parameters",
        403 => "the gateway's token may not do that; check its policies",
        404 => "there is nothing; check mount, role and namespace",
        405 => "that path takes another method",
        412 => "it has not caught up with its cluster yet",
        429 => "it limits the rate of requests",
        472 => "it is a disaster-recovery secondary",
        501 => NotInitialised,
        503 => Unavailable(answer),
        >= 300 and < 400 => "it redirects to an address that is not configured",
        >= 500 => "it failed, or something on the way to it",
        _ => "that is no answer of Vault",
    };

    /// <summary>What keeps the server from serving; null where nothing does.</summary>
    /// <param name="answer">Any answer.</param>
    /// <param name="toProbe">Whether it answers <c>sys/health</c>, whose statuses mean something else.</param>
    public static string? Outage(VaultAnswer answer, bool toProbe) => answer.Status switch
    {
        503 => toProbe ? Sealed : Unavailable(answer),
        501 when toProbe => NotInitialised,
        472 => "it is a disaster-recovery secondary",
        502 or 504 => "something on the way to it does not reach it",
        _ => null,
    };

    private static string Unavailable(VaultAnswer answer) =>
        answer.Says("sealed") ? Sealed
        : answer.Says("not initialized") ? NotInitialised
        : "it does not serve now";
}
