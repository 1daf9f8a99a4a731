namespace Gateway.Core.Credentials;

/// <summary>Where the references of one scheme ("secret", "env", "file", "vault") are read.</summary>
internal interface ISecretSource
{
    /// <summary>Reads the current value, so that a rotated secret is seen by the next issuance.</summary>
    /// <exception cref="SecretUnavailableException">There is no such secret, or its store cannot be read; the message names the reference, never a value.</exception>
    ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken);
}
