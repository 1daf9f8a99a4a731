namespace Gateway.Core.Identity.Spiffe;

/// <summary>A server that publishes a bundle (SPIFFE Federation, section 5), and how it proves to be that server.</summary>
/// <param name="Url">https.</param>
/// <param name="ServerId">The server's SPIFFE ID (profile <c>https_spiffe</c>); null where the Web's authorities vouch for it (<c>https_web</c>).</param>
/// <param name="CaFile">Absolute path of PEM certificates that alone may vouch for the server; null means those of the system.</param>
internal sealed record BundleEndpoint(Uri Url, SpiffeId? ServerId, string? CaFile);
