using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Tests.Audit.Verification;

/// <summary>A key as a gateway has one, made here from the RFCs alone.</summary>
internal sealed class TestKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        Id = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(
            $"{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{Base64Url.EncodeToString(point.X)}\",\"y\":\"{Base64Url.EncodeToString(point.Y)}\"}}")));
    }

    public string Id { get; }

    public string Pem => _key.ExportSubjectPublicKeyInfoPem();

    public string PrivatePem => _key.ExportPkcs8PrivateKeyPem();

    public string Sign(string payload, string type = "gateway-checkpoint+jwt")
    {
        var header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{Id}}","typ":"{{type}}"}"""));
        var input = $"{header}.{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(payload))}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();
}
