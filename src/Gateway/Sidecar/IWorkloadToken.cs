namespace Gateway.Sidecar;

/// <summary>The token that identifies the workload.</summary>
internal interface IWorkloadToken
{
    /// <summary>Null while there is none.</summary>
    string? Current { get; }
}
