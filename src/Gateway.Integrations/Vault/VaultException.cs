namespace Gateway.Integrations.Vault;

/// <summary>Vault did not do what it was asked. The message names server, status and path: no secret, no word of the server.</summary>
/// <param name="message">A sentence.</param>
internal sealed class VaultException(string message) : Exception(message)
{
    /// <summary>Whether the server may have done what it was asked although no answer came.</summary>
    public bool MayHaveHappened { get; init; }
}
