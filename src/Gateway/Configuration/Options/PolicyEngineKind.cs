namespace Gateway.Configuration;

/// <summary>What evaluates policies.</summary>
internal enum PolicyEngineKind
{
    /// <summary>The embedded Cedar engine.</summary>
    Cedar,
}
