namespace Gateway.Configuration;

/// <summary>What a deny does.</summary>
internal enum PolicyMode
{
    /// <summary>It refuses the call.</summary>
    Enforce,

    /// <summary>It is recorded, and the call goes on: for trying policies out before they count.</summary>
    Observe,
}
