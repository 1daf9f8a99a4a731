using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Core.Credentials;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>Takes a secret id out of the response-wrapping token that it was delivered in.</summary>
/// <remarks>
/// Such a token opens once. That it does not open means that somebody else may have opened it, and that another path made it
/// means that somebody may have opened it and wrapped something of his own: both are security incidents, not mere failures.
/// </remarks>
internal sealed partial class WrappedSecretId(VaultClient client, ILogger logger)
{
    private (string Wrapping, SecretValue SecretId)? _unwrapped;

    /// <param name="wrapping">The wrapping token. The secret id of the last one is remembered, for it cannot be had twice.</param>
    /// <param name="mount">Where AppRole is mounted below <c>auth/</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>Called by one login at a time.</remarks>
    /// <exception cref="VaultException">There is no secret id to be had.</exception>
    public async Task<SecretValue> UnwrapAsync(SecretValue wrapping, string mount, CancellationToken cancellationToken)
    {
        if (_unwrapped is { } known && known.Wrapping == wrapping.Reveal())
        {
            return known.SecretId;
        }

        if (HeaderText.Check(wrapping.Reveal()) is not null)
        {
            throw new VaultException("Vault: the wrapped secret id is no token.");
        }

        await CheckPathAsync(wrapping, mount, cancellationToken);
        var request = VaultRequest.Post("sys/wrapping/unwrap", VaultEffect.Issues);
        var answer = await client.SendAsync(request, wrapping, cancellationToken);
        if (!answer.Succeeded)
        {
            throw Failed(answer, request, "did not open");
        }

        var secretId = VaultAnswer.Secret(answer.Data, "secret_id") ?? throw Failed(answer, request, "holds no secret id");
        _unwrapped = (wrapping.Reveal(), secretId);
        return secretId;
    }

    private async Task CheckPathAsync(SecretValue wrapping, string mount, CancellationToken cancellationToken)
    {
        var request = VaultRequest.Post("sys/wrapping/lookup", VaultEffect.Repeatable, new JsonObject { ["token"] = wrapping.Reveal() });
        var answer = await client.SendAsync(request, token: null, cancellationToken);
        if (!answer.Succeeded)
        {
            throw Failed(answer, request, "is not known");
        }

        var path = VaultAnswer.Text(answer.Data, "creation_path") ?? "";
        if (!path.StartsWith($"auth/{mount}/role/", StringComparison.Ordinal) || !SecretIdOfARole().IsMatch(path[$"auth/{mount}/role/".Length..]))
        {
            throw Failed(answer, request, "was made by another path than that of a secret id");
        }
    }

    private VaultException Failed(VaultAnswer answer, VaultRequest request, string how)
    {
        // What keeps Vault from answering at all is no sign of a theft.
        if (answer.Succeeded || answer.Status is 400 or 403 or 404)
        {
            VaultLog.UnwrapFailed(logger, answer.Server, how);
            return answer.Misses(request, $"and the wrapped secret id {how}; find out who opened it, then deliver another");
        }

        return answer.Refuse(request);
    }

    [GeneratedRegex(@"\A[^/]+/secret-id\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretIdOfARole();
}
