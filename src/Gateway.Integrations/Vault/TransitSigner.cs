using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Audit;

namespace Gateway.Integrations.Vault;

/// <summary>Signs with a key that never leaves Vault: its transit engine, type ecdsa-p256.</summary>
/// <remarks>
/// It stays with the version that was the newest when it was first asked, until Vault refuses that one (<c>min_encryption_version</c>), so
/// that a rotation changes nothing before somebody says so. Every signature is verified before it is given out: what somebody on
/// the way, or a key that was made anew under the same name, signs must not reach the log.
/// </remarks>
/// <param name="key">Which.</param>
/// <param name="session">The gateway's own session at Vault, as it is now; null where none is configured.</param>
internal sealed class TransitSigner(TransitKey key, Func<VaultSession?> session) : IAuditSigner, IDisposable
{
    private const string RequiredType = "ecdsa-p256";
    private const int SignatureBytes = 64;

    /// <summary>How Vault begins to say it, with the status 500.</summary>
    private const string VersionRefused = "requested version for signing";

    private readonly Lock _gate = new();
    private volatile IReadOnlyList<TransitKeyVersion> _versions = [];

    public IReadOnlyList<string> PublicKeys => [.. _versions.Select(v => v.Key.Pem)];

    /// <summary>Reads the newest version of the key.</summary>
    /// <exception cref="AuditSigningException">Vault cannot be asked, or refuses.</exception>
    /// <exception cref="FormatException">It is a key that cannot be used.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadNewestAsync(cancellationToken);
        }
        catch (Exception failure) when (IsOfVault(failure, cancellationToken))
        {
            throw Explain(failure);
        }
    }

    public async ValueTask<string> SignCompactAsync(string type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            var version = _versions is [.., var newest] ? newest : await ReadNewestAsync(cancellationToken);
            var (jws, refusal) = await SignAsync(version, type, payload, cancellationToken);
            if (jws is null && await ReadNewestAsync(cancellationToken) is var next && next != version)
            {
                // The key was rotated, and the version that has signed so far may no longer do so.
                (jws, refusal) = await SignAsync(next, type, payload, cancellationToken);
            }

            return jws ?? throw new AuditSigningException(refusal);
        }
        catch (Exception failure) when (IsOfVault(failure, cancellationToken) || failure is FormatException)
        {
            throw Explain(failure);
        }
    }

    public void Dispose()
    {
        foreach (var version in _versions)
        {
            version.Key.Dispose();
        }
    }

    /// <returns>The signed text; null with the reason where Vault refuses the request as such, for which the version may be the cause.</returns>
    private async Task<(string? Jws, string Refusal)> SignAsync(TransitKeyVersion version, string type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var input = CompactJws.Input(version.Key.Id, type, payload.Span);
        var data = Encoding.ASCII.GetBytes(input);
        var request = VaultRequest.Post($"{key.Mount}/sign/{key.Name}/sha2-256", VaultEffect.Repeatable, new JsonObject
        {
            ["input"] = Convert.ToBase64String(data),
            ["key_version"] = version.Number,
            ["marshaling_algorithm"] = "jws", // r and s as JWS has them; the default is ASN.1
        });
        var answer = await Session().SendAsync(request, cancellationToken);
        if (answer.Status == 400 || answer.Says(VersionRefused))
        {
            return (null, answer.Refuse(request).Message);
        }

        var signature = answer.Succeeded ? Signature(version, answer) : throw answer.Refuse(request);
        return version.Key.Verifies(data, signature)
            ? (CompactJws.Join(input, signature), "")
            : throw answer.Misses(request, $"with something else than a signature by version {version.Number} of the key");
    }

    /// <summary>What stands behind <c>vault:vN:</c>; nothing where it is of another version or length.</summary>
    private static byte[] Signature(TransitKeyVersion version, VaultAnswer answer)
    {
        var text = VaultAnswer.Text(answer.Data, "signature") ?? "";
        var prefix = $"vault:v{version.Number}:";
        var signature = new byte[SignatureBytes];
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && Base64Url.IsValid(text.AsSpan(prefix.Length), out var length)
            && length == SignatureBytes
            && Base64Url.TryDecodeFromChars(text.AsSpan(prefix.Length), signature, out _)
                ? signature
                : [];
    }

    private async Task<TransitKeyVersion> ReadNewestAsync(CancellationToken cancellationToken)
    {
        var request = new VaultRequest(HttpMethod.Get, $"{key.Mount}/keys/{key.Name}", VaultEffect.Repeatable);
        var answer = await Session().SendAsync(request, cancellationToken);
        if (!answer.Succeeded)
        {
            throw answer.Refuse(request);
        }

        if (VaultAnswer.Text(answer.Data, "type") != RequiredType)
        {
            throw new FormatException($"Vault's key is not of the type {RequiredType}: make one with 'vault write {key.Mount}/keys/NAME type={RequiredType}', and write its name.");
        }

        return Take(Newest(answer) ?? throw answer.Misses(request, "without the public key of its newest version"));
    }

    private static TransitKeyVersion? Newest(VaultAnswer answer)
    {
        var latest = VaultAnswer.Child(answer.Data, "latest_version");
        if (latest.ValueKind != JsonValueKind.Number || !latest.TryGetInt64(out var number))
        {
            return null;
        }

        var version = VaultAnswer.Child(VaultAnswer.Child(answer.Data, "keys"), number.ToString(CultureInfo.InvariantCulture));
        return VaultAnswer.Text(version, "public_key") is { } pem ? new TransitKeyVersion(number, AuditPublicKey.Parse(pem)) : null;
    }

    /// <summary>Goes on with a version, unless it is the one that is known already.</summary>
    private TransitKeyVersion Take(TransitKeyVersion read)
    {
        lock (_gate)
        {
            if (_versions is [.., var last] && read.Number <= last.Number)
            {
                var isSame = read.Number == last.Number && read.Key.Id == last.Key.Id;
                read.Key.Dispose();
                return isSame ? last : throw new FormatException("Vault's key is another one than it was: it was deleted and made anew, or restored. Start the gateway again if that was meant.");
            }

            _versions = [.. _versions, read];
            return read;
        }
    }

    private VaultSession Session() => session() ?? throw new AuditSigningException("No Vault is configured any more.");

    /// <summary>Whether it is a fault of Vault, or of its configuration having been replaced meanwhile; not one of whoever waits.</summary>
    private static bool IsOfVault(Exception failure, CancellationToken cancellationToken) =>
        failure is VaultException or ObjectDisposedException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static AuditSigningException Explain(Exception failure) =>
        new(failure is VaultException or FormatException ? failure.Message : "Vault: its configuration was replaced meanwhile.", failure);
}
