using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Dpop;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Tests.Identity.Keys;

namespace Gateway.Core.Tests.Identity.Dpop;

/// <summary>The examples of RFC 9449, and the certificate of RFC 8705, appendix A.</summary>
public sealed class DpopVectorTests
{
    // RFC 9449, section 6.1, figure 7, and section 7.1, figure 11.
    private const string Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    private const string AccessToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

    // RFC 8705, appendix A.
    private const string CertificateThumbprint = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";

    [Fact]
    public async Task Verify_ProofForAResource_IsAcceptedAtItsTimeAndForItsToken()
    {
        var proof = Read()[3];
        var scene = Scene(1562262618);
        await scene.AcceptAsync(proof);
        await scene.RefuseAsync(proof, IdentityFailure.ProofReplayed);

        scene = Scene(1562262618);
        scene.TokenHash = Hash("another token");
        await scene.RefuseAsync(proof, IdentityFailure.ProofTokenMismatch);
        await Scene(1562262618 + 31).RefuseAsync(proof, IdentityFailure.ProofExpired);
        await Scene(1562262618 - 31).RefuseAsync(proof, IdentityFailure.ProofNotYetValid);
    }

    [Theory]
    [InlineData(0, 1562262616)]
    [InlineData(1, 1562265296)]
    public async Task Verify_ProofForATokenEndpoint_HasTheKeyAndSignatureAndNoAccessToken(int index, long at)
    {
        var scene = Scene(at);
        scene.Method = "POST";
        scene.RawPath = "/token";
        scene.Urls = [new ExternalUrl(new Uri("https://server.example.com"))];
        await scene.RefuseAsync(Read()[index], IdentityFailure.ProofTokenMismatch);
    }

    [Fact]
    public void Confirmation_OfTheExampleToken_IsTheProofsKey()
    {
        var payload = Read()[2].Split('.')[1];
        Assert.True(Base64UrlText.TryDecode(payload, out var claims));
        Assert.True(Confirmation.TryRead(JsonSerializer.Deserialize<JsonElement>(claims), out var confirmation));
        Assert.Equal(Thumbprint, confirmation!.Key!.Thumbprint);
        Assert.False(confirmation.HasCertificate);
    }

    [Fact]
    public void Read_TheExamplesKey_HasTheExamplesThumbprint()
    {
        Assert.True(Base64UrlText.TryDecode(Read()[3].Split('.')[0], out var header));
        Assert.Equal(Thumbprint, JsonWebKeys.Read(JsonNode.Parse(header)!["jwk"]!.ToJsonString())!.Thumbprint);
    }

    [Fact]
    public async Task Verify_ExampleThatIsNoProof_IsRefused() =>
        await Scene(1562262618).RefuseAsync(Read()[4], IdentityFailure.ProofMalformed);

    [Fact]
    public void IsBoundToCertificate_ExampleCertificate_IsTheExamplesAndNoOther()
    {
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(Vector("rfc8705-a.pem")));
        var claims = JsonSerializer.SerializeToElement(new { cnf = new Dictionary<string, string> { ["x5t#S256"] = CertificateThumbprint } });
        Assert.True(Confirmation.TryRead(claims, out var confirmation));

        var hash = SHA256.HashData(certificate.RawData);
        Assert.True(confirmation!.IsBoundToCertificate(hash));
        hash[31] ^= 1;
        Assert.False(confirmation.IsBoundToCertificate(hash));
        Assert.False(confirmation.IsBoundToCertificate([]));
    }

    private static DpopScene Scene(long seconds)
    {
        var scene = new DpopScene
        {
            Key = new BoundKey(Thumbprint),
            TokenHash = Hash(AccessToken),
            RawPath = "/protectedresource",
            Urls = [new ExternalUrl(new Uri("https://resource.example.org"))],
        };
        scene.Clock.Advance(DateTimeOffset.FromUnixTimeSeconds(seconds) - scene.Clock.GetUtcNow());
        return scene;
    }

    private static string Hash(string token) => Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    private static string[] Read() => JsonSerializer.Deserialize<string[]>(File.ReadAllText(Vector("rfc9449-jwts.json")))!;

    private static string Vector(string name)
    {
        var path = Path.Combine(Vectors.Folder, "dpop", name);
        Assert.SkipUnless(File.Exists(path), "The vectors are neither at GATEWAY_VECTORS nor at ../shared/vectors.");
        return path;
    }
}
