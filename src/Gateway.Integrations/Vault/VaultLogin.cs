using System.Text.Json.Nodes;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary>Obtains the gateway's own token.</summary>
/// <param name="auth">How.</param>
/// <param name="client">Talks to Vault.</param>
/// <param name="secrets">Reads what the gateway proves itself with; not from Vault.</param>
/// <param name="wrapped">Unwraps a wrapped secret id.</param>
/// <param name="clock">From when a token's life is counted.</param>
internal sealed class VaultLogin(VaultAuthSettings auth, VaultClient client, ISecretSource secrets, WrappedSecretId wrapped, TimeProvider clock)
{
    /// <exception cref="VaultException">There is no token.</exception>
    public async Task<VaultToken> LoginAsync(CancellationToken cancellationToken)
    {
        if (auth.Method == VaultAuthMethod.Token)
        {
            return await AdoptAsync(cancellationToken);
        }

        var request = VaultRequest.Post($"auth/{auth.MountPath}/login", VaultEffect.Issues, await BodyAsync(cancellationToken));
        var askedAt = clock.GetUtcNow();
        var answer = await client.SendAsync(request, token: null, cancellationToken);
        if (!answer.Succeeded)
        {
            // AppRole answers a wrong pair with 400, most others with 403.
            throw answer.Status is 400 or 403 ? answer.Misses(request, $"and does not let the gateway in; check {Proof}") : answer.Refuse(request);
        }

        return VaultToken.Read(answer.Auth, isOurs: true, askedAt) ?? throw answer.Misses(request, "without a usable token");
    }

    private string Proof => auth.Method switch
    {
        VaultAuthMethod.AppRole => "role id and secret id",
        VaultAuthMethod.Certificate => "role and client certificate",
        _ => "role, audience and subject, and that its token is current",
    };

    private async Task<JsonObject> BodyAsync(CancellationToken cancellationToken)
    {
        switch (auth.Method)
        {
            case VaultAuthMethod.AppRole:
                var secretId = auth.SecretId is { } reference ? await ReadAsync(reference, cancellationToken) : null;
                secretId = auth.SecretIdWrapped && secretId is not null ? await wrapped.UnwrapAsync(secretId, auth.MountPath, cancellationToken) : secretId;
                return new JsonObject { ["role_id"] = auth.RoleId, ["secret_id"] = secretId?.Reveal() };
            case VaultAuthMethod.Certificate:
                return auth.Role is { } name ? new JsonObject { ["name"] = name } : [];
            default:
                var file = new SecretReference(SecretReference.FileScheme, auth.JwtFile ?? VaultAuthSettings.ProjectedToken);
                var body = new JsonObject { ["jwt"] = (await ReadAsync(file, cancellationToken)).Reveal() };
                if (auth.Role is { } role)
                {
                    body["role"] = role;
                }

                return body;
        }
    }

    /// <summary>Takes a token that somebody else obtained, and asks how long it lives.</summary>
    private async Task<VaultToken> AdoptAsync(CancellationToken cancellationToken)
    {
        var value = auth.Token is { } reference ? await ReadAsync(reference, cancellationToken) : throw new VaultException("Vault: there is no token to log in with.");
        if (HeaderText.Check(value.Reveal()) is not null)
        {
            throw new VaultException($"Vault: {auth.Token} holds something that is no token.");
        }

        var request = new VaultRequest(HttpMethod.Get, "auth/token/lookup-self", VaultEffect.Repeatable);
        var askedAt = clock.GetUtcNow();
        var answer = await client.SendAsync(request, value, cancellationToken);
        return answer.Succeeded
            ? VaultToken.Create(value, VaultAnswer.Text(answer.Data, "accessor") ?? "", isOurs: false, VaultAnswer.Flag(answer.Data, "renewable"), VaultAnswer.Seconds(answer.Data, "ttl"), askedAt)
            : throw (answer.Status == 403 ? answer.Misses(request, "and does not know the gateway's token; replace it") : answer.Refuse(request));
    }

    private async Task<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await secrets.ReadAsync(reference, cancellationToken);
        }
        catch (SecretUnavailableException unavailable)
        {
            throw new VaultException($"Vault: cannot log in: {unavailable.Message}");
        }
    }
}
