using Gateway.Core.Credentials;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Core.Tests.Identity;

public sealed class IssuerDefinitionTests
{
    private static readonly ClusterDefinition Cluster = new()
    {
        ApiServer = new Uri("https://k.example"),
        CaFile = "/ca",
        Token = new SecretReference("env", "T"),
    };

    private static IssuerDefinition Rich => TestIssuer.Definition with
    {
        Cluster = Cluster,
        RequiredClaims = [new RequiredClaim(ClaimPath.Of("/a/b"), ["y", "z"])],
    };

    [Theory]
    [InlineData("corp", true)]
    [InlineData("corp-2.eu_west", true)]
    [InlineData("", false)]
    [InlineData("a:b", false)]
    [InlineData("spiffe", false)]
    [InlineData("SPIFFE", false)]
    [InlineData("unix", false)]
    [InlineData("Unix", false)]
    [InlineData("a b", false)]
    [InlineData("a\nb", false)]
    public void IsValidName_NameThatCouldSpellAnothersId_IsRefused(string name, bool valid)
    {
        Assert.Equal(valid, IssuerDefinition.IsValidName(name));
        var exception = Record.Exception(() => new TrustedIssuer(TestIssuer.Definition with { Name = name }, new TestKeySource(null)));
        Assert.Equal(valid, exception is null);
    }

    [Fact]
    public void Equals_SameContent_IsEqual()
    {
        Assert.Equal(TestIssuer.Definition, TestIssuer.Definition with { Audiences = [TestIssuer.Audience], AgentId = AgentIdTemplate.Parse("{sub}") });
        Assert.Equal(Rich, Rich with { RequiredClaims = [new RequiredClaim(ClaimPath.Of("/a/b"), ["y", "z"])], Cluster = Cluster with { CaFile = "/ca" } });
        Assert.NotEqual(Rich, Rich with { RequiredClaims = [new RequiredClaim(ClaimPath.Of("/a/b"), ["y"])] });
        IssuerDefinition[] changed =
        [
            TestIssuer.Definition with { Name = "x" },
            TestIssuer.Definition with { Issuer = "x" },
            TestIssuer.Definition with { IsTrustDomain = true },
            TestIssuer.Definition with { Audiences = ["x"] },
            TestIssuer.Definition with { Algorithms = ["ES256"] },
            TestIssuer.Definition with { TokenTypes = ["x"] },
            TestIssuer.Definition with { ClockSkew = TimeSpan.Zero },
            TestIssuer.Definition with { MaxLifetime = TimeSpan.FromHours(1) },
            TestIssuer.Definition with { RequiredProof = RequiredProof.Dpop },
            TestIssuer.Definition with { Claims = ["x"] },
            TestIssuer.Definition with { MaxKeyAge = TimeSpan.FromHours(1) },
            TestIssuer.Definition with { RefreshInterval = TimeSpan.FromHours(1) },
            TestIssuer.Definition with { JwksUri = new Uri("https://x.example") },
            TestIssuer.Definition with { JwksFile = "/x" },
            TestIssuer.Definition with { OtherIssuers = ["x"] },
            TestIssuer.Definition with { Kind = IssuerKind.Google },
            TestIssuer.Definition with { Tenant = "x" },
            TestIssuer.Definition with { RequiredClaims = [new RequiredClaim(ClaimPath.Of("x"), ["y"])] },
            TestIssuer.Definition with { AgentId = AgentIdTemplate.Parse("{x}") },
            TestIssuer.Definition with { Cluster = Cluster },
            TestIssuer.Definition with { TokenReview = new TokenReviewRules(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)) },
        ];
        Assert.All(changed, definition => Assert.NotEqual(TestIssuer.Definition, definition));
        Assert.Equal(typeof(IssuerDefinition).GetProperties().Length, changed.Length);
    }

    [Fact]
    public void TrustedIssuer_ReviewWithoutReviewerOrEntraWithoutTenant_Throws()
    {
        var keys = new TestKeySource(null);
        var review = new TokenReviewRules(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Throws<ArgumentException>(() => new TrustedIssuer(TestIssuer.Definition with { TokenReview = review }, keys));
        Assert.Throws<ArgumentException>(() => new TrustedIssuer(TestIssuer.Definition with { Kind = IssuerKind.Entra }, keys));
        Assert.Throws<ArgumentException>(() => new TrustedIssuer(TestIssuer.Definition with { Kind = (IssuerKind)99 }, keys));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("none")]
    [InlineData("es256")]
    public void TrustedIssuer_AlgorithmThatIsNotAsymmetric_Throws(string algorithm) =>
        Assert.Throws<ArgumentException>(() => new TrustedIssuer(TestIssuer.Definition with { Algorithms = [algorithm] }, new TestKeySource(null)));

    [Fact]
    public void IssuerSet_TwoIssuersWithOneUrlOrName_Throws()
    {
        var keys = new TestKeySource(null);
        var first = new TrustedIssuer(TestIssuer.Definition, keys);
        Assert.Throws<ArgumentException>(() => new IssuerSet([first, new TrustedIssuer(TestIssuer.Definition with { Name = "other" }, keys)]));
        Assert.Throws<ArgumentException>(() => new IssuerSet([first, new TrustedIssuer(TestIssuer.Definition with { Issuer = "https://other.example" }, keys)]));
        var both = TestIssuer.Definition with { Name = "other", Issuer = "https://other.example", OtherIssuers = [TestIssuer.Url] };
        Assert.Throws<ArgumentException>(() => new IssuerSet([first, new TrustedIssuer(both, keys)]));
    }
}
