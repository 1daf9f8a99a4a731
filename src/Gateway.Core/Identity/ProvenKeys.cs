namespace Gateway.Core.Identity;

/// <summary>What a caller has proven to hold on this very request. The zero value proves nothing.</summary>
/// <param name="KeyThumbprint">RFC 7638 thumbprint of the key that signed a verified DPoP proof; null where there was none.</param>
/// <param name="CertificateThumbprint">SHA-256 of the client certificate of the connection; empty where there is none.</param>
internal readonly record struct ProvenKeys(string? KeyThumbprint, ReadOnlyMemory<byte> CertificateThumbprint);
