using Gateway.Core.Credentials;

namespace Gateway.Integrations.Secrets;

/// <summary>A secret that authenticates the gateway in a header, read again now and then, so that it can be rotated.</summary>
internal sealed class HeaderSecret(SecretReference reference, ISecretSource secrets, TimeProvider clock)
{
    public static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(30);

    private volatile Reading? _last;

    /// <exception cref="SecretUnavailableException">There is none that could be sent.</exception>
    public async ValueTask<SecretValue> ReadAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && clock.GetElapsedTime(last.At) < MaximumAge)
        {
            return last.Value;
        }

        var at = clock.GetTimestamp();
        var value = await secrets.ReadAsync(reference, cancellationToken);
        if (HeaderText.Check(value.Reveal()) is { } problem)
        {
            throw new SecretUnavailableException($"{reference} {problem}.");
        }

        _last = new Reading(value, at);
        return value;
    }

    private sealed record Reading(SecretValue Value, long At);
}
