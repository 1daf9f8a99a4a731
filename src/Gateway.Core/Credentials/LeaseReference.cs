using System.Security.Cryptography;

namespace Gateway.Core.Credentials;

/// <summary>Names a lease without holding it: what calls carry and records show.</summary>
/// <param name="Id">128 random bits, hexadecimal.</param>
/// <param name="Credential">The credential's name.</param>
/// <param name="Scope">The scope it was asked for; empty means the credential's own.</param>
/// <param name="Fingerprint">"sha256:" and 16 hexadecimal digits of a keyed hash of the secret: equal secrets of one process can be told, no secret can be guessed from it.</param>
/// <param name="IssuedAt">When the gateway obtained it.</param>
/// <param name="ExpiresAt">When the gateway stops using it.</param>
internal sealed record LeaseReference(
    string Id,
    string Credential,
    string Scope,
    string Fingerprint,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>An <see cref="Id"/> that nobody has.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
