namespace Gateway.Cedar;

/// <summary>What a policy does when it is satisfied.</summary>
public enum Effect
{
    /// <summary>Denies, whatever else permits.</summary>
    Forbid,

    /// <summary>Allows, unless a forbid is satisfied too.</summary>
    Permit,
}
