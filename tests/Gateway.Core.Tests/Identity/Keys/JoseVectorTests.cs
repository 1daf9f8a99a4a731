using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Keys;

namespace Gateway.Core.Tests.Identity.Keys;

/// <summary>RFC 7520, section 4.</summary>
public sealed class JoseVectorTests
{
    [Theory]
    [InlineData("4_1.rsa_v15_signature.json", "RS256")]
    [InlineData("4_2.rsa-pss_signature.json", "PS384")]
    [InlineData("4_3.ecdsa_signature.json", "ES512")]
    public void Verify_PublishedSignature_Holds(string file, string algorithmName)
    {
        var vector = Read(file);
        var jwk = vector["input"]!["key"]!.AsObject();

        // The file gives the private key, which disqualifies a published one.
        Assert.Null(JsonWebKeys.Read(jwk.ToJsonString()));
        jwk.Remove("d");
        var key = JsonWebKeys.Read(jwk.ToJsonString());
        Assert.NotNull(key);
        Assert.True(SignatureAlgorithm.TryGet(algorithmName, out var algorithm));

        var parts = vector["output"]!["compact"]!.GetValue<string>().Split('.');
        var input = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        Assert.True(Base64UrlText.TryDecode(parts[2], out var signature));
        Assert.True(key.Verify(algorithm, input, signature));

        foreach (var other in SignatureAlgorithm.Names.Where(name => name != algorithmName))
        {
            SignatureAlgorithm.TryGet(other, out var wrong);
            Assert.False(key.Verify(wrong!, input, signature), other);
        }

        input[^1] ^= 1;
        Assert.False(key.Verify(algorithm, input, signature));
    }

    [Fact]
    public void Read_HmacVectorKey_IsPassedOver()
    {
        var vector = Read("4_4.hmac-sha2_integrity_protection.json");
        Assert.Null(JsonWebKeys.Read(vector["input"]!["key"]!.ToJsonString()));
        Assert.False(SignatureAlgorithm.TryGet(vector["input"]!["alg"]!.GetValue<string>(), out _));
    }

    [Theory]
    [InlineData("4_1.rsa_v15_signature.json")]
    [InlineData("4_2.rsa-pss_signature.json")]
    [InlineData("4_3.ecdsa_signature.json")]
    [InlineData("4_4.hmac-sha2_integrity_protection.json")]
    [InlineData("4_5.signature_with_detached_content.json")]
    [InlineData("4_6.protecting_specific_header_fields.json")]
    [InlineData("4_7.protecting_content_only.json")]
    [InlineData("4_8.multiple_signatures.json")]
    public async Task Authenticate_JwsThatIsNoToken_IsRefused(string file)
    {
        var gateway = new TestGateway(new TestIssuer());
        foreach (var (_, form) in Read(file)["output"]!.AsObject())
        {
            await gateway.RefuseAsync(form is JsonValue value ? value.GetValue<string>() : form!.ToJsonString(), IdentityFailure.Malformed);
        }
    }

    private static JsonNode Read(string file)
    {
        var folder = Path.Combine(Vectors.Folder, "jose", "jws");
        Assert.SkipUnless(Directory.Exists(folder), "The vectors are neither at GATEWAY_VECTORS nor at ../shared/vectors.");
        return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, file)))!;
    }
}
