using Gateway.Core.Credentials;

namespace Gateway.Integrations.Secrets;

/// <summary><c>env:NAME</c>.</summary>
internal sealed class EnvironmentSecretSource : ISecretSource
{
    public ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken) =>
        Environment.GetEnvironmentVariable(reference.Name) switch
        {
            null => throw new SecretUnavailableException($"{reference}: the environment variable is not set."),
            "" => throw new SecretUnavailableException($"{reference}: the environment variable is empty."),
            var value => new(new SecretValue(value)),
        };
}
