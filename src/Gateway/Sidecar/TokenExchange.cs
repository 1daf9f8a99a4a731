namespace Gateway.Sidecar;

/// <summary>A client-credentials request whose client proves itself by the workload's token (RFC 7523, section 2.2).</summary>
/// <param name="Endpoint">The token endpoint.</param>
/// <param name="ClientId">Null where the assertion says it.</param>
/// <param name="Scope">Null: none.</param>
/// <param name="Resource">What the gateway is called there (RFC 8707); null: none.</param>
internal sealed record TokenExchange(Uri Endpoint, string? ClientId, string? Scope, string? Resource);
