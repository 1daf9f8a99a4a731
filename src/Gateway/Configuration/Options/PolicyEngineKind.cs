namespace Gateway.Configuration;

/// <summary>What evaluates policies.</summary>
internal enum PolicyEngineKind
{
    /// <summary>The embedded Cedar engine.</summary>
    Cedar,

    /// <summary>An Open Policy Agent server, asked about every call.</summary>
    Opa,

    /// <summary>A policy decision point that speaks OpenID AuthZEN 1.0, asked about every call.</summary>
    AuthZen,
}
