namespace Gateway.Integrations.Oidc;

/// <summary>An issuer's keys could not be had.</summary>
/// <param name="reason">One sentence in our words: it is shown in readiness and logs, where an issuer's text has no place.</param>
internal sealed class KeyFetchException(string reason) : Exception(reason);
