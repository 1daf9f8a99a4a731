namespace Gateway.Identity;

/// <summary>The header that carried an agent's token, in the order in which they count.</summary>
internal enum TokenCarrier
{
    None = 0,
    ProxyAuthorization,
    GatewayIdentity,
    Authorization,
    ApiKey,
}
