namespace Gateway.Core.Identity;

/// <summary>Whether a proof may count. The zero value: nobody knows, so it may not.</summary>
internal enum ReplayCheck
{
    Unknown = 0,
    FirstUse,
    Replayed,
}
