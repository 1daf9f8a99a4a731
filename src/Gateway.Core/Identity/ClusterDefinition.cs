using Gateway.Core.Credentials;

namespace Gateway.Core.Identity;

/// <summary>A Kubernetes API server, and how the gateway shows it who asks.</summary>
internal sealed record ClusterDefinition
{
    /// <summary>Its address, without a path.</summary>
    public required Uri ApiServer { get; init; }

    /// <summary>Absolute path of the PEM file with the authorities that vouch for it, and they alone.</summary>
    public required string CaFile { get; init; }

    /// <summary>The gateway's own bearer token; read each time, since the kubelet replaces it.</summary>
    public required SecretReference Token { get; init; }
}
