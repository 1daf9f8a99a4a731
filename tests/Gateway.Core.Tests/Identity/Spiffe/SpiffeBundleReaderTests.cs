using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Tests.Identity.Spiffe;

/// <summary>SPIFFE Trust Domain and Bundle, section 4; X509-SVID, section 6; JWT-SVID, section 6.</summary>
public sealed class SpiffeBundleReaderTests
{
    private static readonly TestAuthority Authority = TestAuthority.Root();
    private static readonly TestIssuer Issuer = new();

    private static string Good => TestBundle.Json([Authority.Certificate], [Issuer]);

    [Fact]
    public void TryRead_GoodBundle_HoldsEverything()
    {
        var bundle = TestBundle.Read(Good);

        Assert.Equal((1L, TimeSpan.FromSeconds(60), false), (bundle.Sequence, bundle.RefreshHint, bundle.IsEmpty));
        Assert.Equal(Authority.Certificate.RawData, Assert.Single(bundle.Authorities).RawData);
        Assert.Equal("key-1", Assert.Single(bundle.SigningKeys).Id);
    }

    [Theory]
    [InlineData("spiffebundle_valid_1.json", 1, 1)]
    [InlineData("spiffebundle_valid_2.json", 1, 6)]
    [InlineData("spiffebundle_valid_with_wit.json", 1, 2)]
    [InlineData("spiffebundle_multiple_x509.json", 1, 1)]
    [InlineData("spiffebundle_missing_kid.json", 1, 0)]
    public void TryRead_Vector_HasItsUsableEntries(string file, int authorities, int keys)
    {
        var bundle = TestBundle.Read(SpiffeVectors.Read($"spiffebundle/{file}"));

        Assert.Equal((authorities, keys), (bundle.Authorities.Count, bundle.SigningKeys.Count));
    }

    /// <summary>Plain JWK sets: no entry says what kind of identity it is for, so none counts.</summary>
    [Theory]
    [InlineData("jwks_valid_1.json")]
    [InlineData("jwks_valid_2.json")]
    [InlineData("jwks_missing_kid.json")]
    public void TryRead_VectorWithoutUse_IsEmpty(string file) => Assert.True(TestBundle.Read(SpiffeVectors.Read($"jwtbundle/{file}")).IsEmpty);

    [Fact]
    public void TryRead_VectorWithoutKeys_IsNoBundle() =>
        Assert.False(SpiffeBundleReader.TryRead(Encoding.UTF8.GetBytes(SpiffeVectors.Read("spiffebundle/spiffebundle_no_keys.json")), out _));

    [Theory]
    [InlineData("cert.pem")]
    [InlineData("certs.pem")]
    [InlineData("corrupted.pem")]
    [InlineData("empty.pem")]
    [InlineData("key.pem")]
    [InlineData("not-pem.pem")]
    public void TryRead_PemVector_IsNoBundle(string file) =>
        Assert.False(SpiffeBundleReader.TryRead(Encoding.UTF8.GetBytes(SpiffeVectors.Read($"x509bundle/{file}")), out _));

    /// <summary>Version 1 certificates without any extension: no signing certificate in the sense of X509-SVID, section 3.2.</summary>
    [Fact]
    public void TryRead_VectorCertificateThatIsNoAuthority_IsPassedOver() =>
        Assert.True(TestBundle.Of([.. SpiffeVectors.Certificates("x509bundle/certs.pem")]).IsEmpty);

    /// <summary>Section 4.1.3: an empty array revokes what was published before, so it is a bundle.</summary>
    [Fact]
    public void TryRead_EmptyKeys_IsAnEmptyBundle() => Assert.True(TestBundle.Read("""{"keys":[]}""").IsEmpty);

    [Theory]
    [InlineData("""{"spiffe_sequence":"1","keys":[]}""")]
    [InlineData("""{"spiffe_sequence":1.5,"keys":[]}""")]
    [InlineData("""{"spiffe_refresh_hint":"60","keys":[]}""")]
    [InlineData("""{"spiffe_refresh_hint":-1,"keys":[]}""")]
    [InlineData("""{"spiffe_refresh_hint":9223372036854775807,"keys":[]}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[]} x""")]
    [InlineData("[]")]
    [InlineData("")]
    public void TryRead_MalformedParameters_AreNoBundle(string json) => Assert.False(SpiffeBundleReader.TryRead(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void TryRead_SequenceOf64Bits_IsKept() => Assert.Equal(long.MaxValue, TestBundle.Read("""{"spiffe_sequence":9223372036854775807,"keys":[]}""").Sequence);

    [Theory]
    [InlineData("use", null)]
    [InlineData("use", "wit-svid")]
    [InlineData("use", "X509-SVID")]
    [InlineData("use", "sig")]
    [InlineData("kty", null)]
    [InlineData("kty", "OKP")]
    [InlineData("x5c", null)]
    public void TryRead_AuthorityOfUnknownUseOrTypeOrWithoutCertificate_IsIgnored(string name, string? value)
    {
        var entry = TestBundle.Entry(Authority.Certificate);
        entry.Remove(name);
        if (value is not null)
        {
            entry[name] = value;
        }

        Assert.True(Bundle(entry).IsEmpty);
    }

    [Fact]
    public void TryRead_EmptyX5c_IsIgnored() => Assert.True(Bundle(new JsonObject { ["use"] = "x509-svid", ["kty"] = "EC", ["x5c"] = new JsonArray() }).IsEmpty);

    [Fact]
    public void TryRead_SeveralCertificatesInX5c_OnlyTheFirstCounts()
    {
        var entry = TestBundle.Entry(Authority.Certificate);
        entry["x5c"]!.AsArray().Add(Convert.ToBase64String(TestAuthority.Root().Certificate.RawData));
        entry["x5c"]!.AsArray().Add("not even base64");

        Assert.Equal(Authority.Certificate.RawData, Assert.Single(Bundle(entry).Authorities).RawData);
    }

    /// <summary>X509-SVID, sections 3.2 and 4.1: what signs has cA set, may sign, and names no workload.</summary>
    [Fact]
    public void TryRead_CertificateThatMayNotSign_IsIgnored()
    {
        Assert.True(TestBundle.Of(Authority.Issue()).IsEmpty);
        Assert.True(TestBundle.Of(TestAuthority.Root(change: c => c.Usages = X509KeyUsageFlags.CrlSign).Certificate).IsEmpty);
        Assert.True(TestBundle.Of(TestAuthority.Root(change: c => c.Uris[0] = "spiffe://example.org/workload").Certificate).IsEmpty);
        Assert.True(TestBundle.Of(TestAuthority.Root(change: c => c.Uris.Add("spiffe://other.example")).Certificate).IsEmpty);
        Assert.False(TestBundle.Of(TestAuthority.Root(change: c => c.Uris[0] = "spiffe://example.org/").Certificate).IsEmpty);
        Assert.False(TestBundle.Of(TestAuthority.Root(change: c => c.Uris.Clear()).Certificate).IsEmpty);
    }

    [Theory]
    [InlineData("kid", null)]
    [InlineData("use", null)]
    [InlineData("use", "JWT-SVID")]
    [InlineData("kty", null)]
    [InlineData("d", "AA")]
    public void TryRead_TokenKeyWithoutIdOrUse_IsIgnored(string name, string? value)
    {
        var entry = (JsonObject)JsonNode.Parse(TestBundle.Json([], [Issuer]))!["keys"]![0]!.DeepClone();
        entry.Remove(name);
        if (value is not null)
        {
            entry[name] = value;
        }

        Assert.True(Bundle(entry).IsEmpty);
    }

    [Fact]
    public void TryRead_MutatedBundle_NeverThrows()
    {
        var good = Encoding.UTF8.GetBytes(Good);
        var mutations =
            from edits in Gen.ListOf(Gen.Choose(0, good.Length - 1).Zip(Gen.Choose(0, 255)), 3)
            select edits;

        Prop.ForAll(Arb.From(mutations), edits =>
        {
            var bytes = good.ToArray();
            foreach (var (at, value) in edits)
            {
                bytes[at] = (byte)value;
            }

            SpiffeBundleReader.TryRead(bytes, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    private static SpiffeBundle Bundle(JsonObject entry) => TestBundle.Read(new JsonObject { ["keys"] = new JsonArray(entry) }.ToJsonString());
}
