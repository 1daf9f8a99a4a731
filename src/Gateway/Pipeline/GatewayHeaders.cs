namespace Gateway.Pipeline;

/// <summary>Header names of the gateway's own.</summary>
internal static class GatewayHeaders
{
    public const string Prefix = "Gateway-";
    public const string Call = "Gateway-Call";
    public const string Task = "Gateway-Task";
    public const string Intent = "Gateway-Intent";
}
