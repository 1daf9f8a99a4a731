using Gateway.Core.Credentials;

namespace Gateway.Core.Identity;

/// <summary>A Kubernetes API server, and how the gateway shows it who asks.</summary>
/// <param name="ApiServer">Its address, without a path.</param>
/// <param name="CaFile">Absolute path of the PEM file with the authorities that vouch for it, and they alone.</param>
/// <param name="Token">The gateway's own bearer token; read each time, since the kubelet replaces it.</param>
internal sealed record ClusterDefinition(Uri ApiServer, string CaFile, SecretReference Token);
