using Gateway.Core.Credentials;

namespace Gateway.Integrations.Tests.OAuth2;

internal sealed class FixedSecret(string value) : ISecretSource
{
    public ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken) => new(new SecretValue(value));
}
