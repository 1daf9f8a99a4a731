namespace Gateway.Core.Audit;

/// <summary>OCSF's activities of class 3004 that the gateway has use for.</summary>
internal enum EntityActivity
{
    Unknown = 0,
    Create = 1,
    Read = 2,
    Update = 3,
    Delete = 4,
    Enable = 8,
    Disable = 9,
    Activate = 10,
    Deactivate = 11,
    Suspend = 12,
    Resume = 13,
}
