using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Tests.Identity.Spiffe;

/// <summary>X509-SVID, sections 2 to 5.</summary>
public sealed class X509SvidValidatorTests
{
    private const string Id = "spiffe://example.org/agent/billing";

    private static readonly DateTimeOffset Now = TestClock.Start;
    private static readonly TestAuthority Root = TestAuthority.Root();

    [Fact]
    public void Validate_GoodSvid_IsTheAgent()
    {
        var svid = Root.Issue();

        var agent = Accept(svid);

        Assert.Equal((Id, "example.org", "x509-svid", true), (agent.Id, agent.Issuer, agent.Method, agent.ProofOfPossession));
        Assert.Equal(Now.AddMinutes(30), agent.ExpiresAt);
        Assert.StartsWith("sha256:", agent.TokenId, StringComparison.Ordinal);
        Assert.Equal(7 + 16, agent.TokenId.Length);
    }

    /// <summary>X509-SVID, section 2: any number of names of other kinds.</summary>
    [Fact]
    public void Validate_OtherNamesBesideTheUri_IsAccepted() => Accept(Root.Issue(change: c => c.DnsNames.AddRange(["billing.example.org", "b"])));

    [Fact]
    public void Validate_TwoUris_IsRefused()
    {
        Refuse(IdentityFailure.SpiffeIdInvalid, Root.Issue(change: c => c.Uris.Add("spiffe://example.org/other")));
        Refuse(IdentityFailure.SpiffeIdInvalid, Root.Issue(change: c => c.Uris.Add("https://example.org")));
        Refuse(IdentityFailure.SpiffeIdInvalid, Root.Issue(change: c => c.Uris.Add(Id)));
    }

    [Fact]
    public void Validate_NoUri_IsRefused() => Refuse(IdentityFailure.SpiffeIdInvalid, Root.Issue(change: c =>
    {
        c.Uris.Clear();
        c.DnsNames.Add("example.org");
    }));

    [Theory]
    [InlineData("https://example.org/agent/billing")]
    [InlineData("SPIFFE://example.org/agent/billing")]
    [InlineData("spiffe://Example.org/agent/billing")]
    [InlineData("")]
    public void Validate_SchemeOrFormOtherThanSpiffe_IsRefused(string id) => Refuse(IdentityFailure.SpiffeIdInvalid, Root.Issue(id));

    [Theory]
    [InlineData("spiffe://example.org")]
    [InlineData("spiffe://example.org/")]
    public void Validate_RootPath_IsRefused(string id) => Refuse(IdentityFailure.SpiffeIdInvalid, Root.Issue(id));

    [Fact]
    public void Validate_LeafThatIsAnAuthority_IsRefused() => Refuse(IdentityFailure.CertificateUsageInvalid, Root.Issue(change: c => c.IsAuthority = true));

    [Theory]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign)]
    public void Validate_LeafThatMaySign_IsRefused(X509KeyUsageFlags usages) => Refuse(IdentityFailure.CertificateUsageInvalid, Root.Issue(change: c => c.Usages = usages));

    [Theory]
    [InlineData(null)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment)]
    public void Validate_LeafWithoutDigitalSignature_IsRefused(X509KeyUsageFlags? usages) => Refuse(IdentityFailure.CertificateUsageInvalid, Root.Issue(change: c => c.Usages = usages));

    [Fact]
    public void Validate_KeyUsageThatIsNotCritical_IsRefused() => Refuse(IdentityFailure.CertificateUsageInvalid, Root.Issue(change: c => c.UsagesAreCritical = false));

    [Theory]
    [InlineData(TestCertificate.ClientAuthentication)]
    [InlineData(TestCertificate.ServerAuthentication)]
    [InlineData("1.3.6.1.5.5.7.3.3")]
    public void Validate_ExtendedKeyUsageWithoutBothPurposes_IsRefused(string only) => Refuse(IdentityFailure.CertificateUsageInvalid, Root.Issue(change: c =>
    {
        c.ExtendedUsages.Clear();
        c.ExtendedUsages.Add(only);
    }));

    [Fact]
    public void Validate_WithoutExtendedKeyUsageOrConstraints_IsAccepted() => Accept(Root.Issue(change: c =>
    {
        c.ExtendedUsages.Clear();
        c.HasConstraints = false;
        c.Usages = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement | X509KeyUsageFlags.KeyEncipherment;
    }));

    /// <summary>RFC 5280, section 4.2: one extension of a kind.</summary>
    [Fact]
    public void Validate_TwoExtensionsOfOneKind_IsRefused()
    {
        // The platform makes no such certificate, so one of its extensions is turned into another afterwards.
        var second = Root.Issue("spiffe://example.org/other").Extensions.Single(e => e.Oid!.Value == "2.5.29.17");
        var der = Root.Issue(change: c => c.Others.Add(new X509Extension("2.5.29.99", second.RawData, critical: false))).RawData;
        der[der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x06, 0x03, 0x55, 0x1D, 99]) + 4] = 17;

        Refuse(IdentityFailure.CertificateMalformed, X509CertificateLoader.LoadCertificate(der));
    }

    [Fact]
    public void Validate_NamesThatAreNoNames_IsRefused() => Refuse(IdentityFailure.CertificateMalformed, Root.Issue(change: c =>
    {
        c.Uris.Clear();
        c.Others.Add(new X509Extension("2.5.29.17", [0x30, 0x05, 0x86], critical: false));
    }));

    /// <summary>RFC 5280, section 4.2: a critical extension that is not understood.</summary>
    [Fact]
    public void Validate_UnknownCriticalExtension_IsRefused() =>
        Refuse(IdentityFailure.CertificateChainInvalid, Root.Issue(change: c => c.Others.Add(new X509Extension("1.2.3.4.5", [0x05, 0x00], critical: true))));

    [Fact]
    public void Validate_TrustDomainThatIsNotConfigured_IsRefused() => Refuse(IdentityFailure.TrustDomainUnknown, Root.Issue("spiffe://other.example/agent"));

    /// <summary>SPIFFE-ID, section 3; Trust Domain and Bundle, section 3: the bundle of the SVID's own trust domain, and no pool of all.</summary>
    [Fact]
    public void Validate_SignedByAnotherTrustDomainsAuthority_IsRefused()
    {
        var other = TestAuthority.Root("other.example");
        var domains = new TrustDomainSet([Domain(Bundle(Root)), Domain(Bundle(other), "other.example")]);

        Assert.Equal(IdentityFailure.CertificateUntrusted, X509SvidValidator.Validate(other.Issue(Id), [], domains, Now).Failure);
        Assert.NotNull(X509SvidValidator.Validate(other.Issue("spiffe://other.example/agent"), [], domains, Now).Agent);
    }

    [Fact]
    public void Validate_AuthoritySentByTheClient_IsNotTrusted()
    {
        var stranger = TestAuthority.Root();

        Refuse(IdentityFailure.CertificateUntrusted, stranger.Issue(), stranger.Certificate);
    }

    [Fact]
    public void Validate_SelfSigned_IsRefused()
    {
        var shape = new TestCertificate { Subject = "O=SPIFFE", Uris = { Id }, NotBefore = Now.AddHours(-1), NotAfter = Now.AddHours(1), Usages = X509KeyUsageFlags.DigitalSignature };

        Refuse(IdentityFailure.CertificateUntrusted, shape.SelfSigned());
    }

    /// <summary>The name of the authority, but not its key.</summary>
    [Fact]
    public void Validate_ForgedSignature_IsRefused()
    {
        var forged = TestAuthority.Root().Issue();

        Assert.Equal(Root.Certificate.SubjectName.Name, forged.IssuerName.Name);
        Assert.Null(Validate(forged).Agent);
    }

    [Fact]
    public void Validate_AuthorityItself_IsRefused() => Refuse(IdentityFailure.SpiffeIdInvalid, Root.Certificate);

    [Fact]
    public void Validate_ChainOfIntermediates_IsAcceptedInAnyOrder()
    {
        var upper = Root.Intermediate();
        var lower = upper.Intermediate();

        Accept(lower.Issue(), lower.Certificate, upper.Certificate);
        Accept(lower.Issue(), upper.Certificate, lower.Certificate);
        Refuse(IdentityFailure.CertificateUntrusted, lower.Issue(), lower.Certificate);
    }

    [Fact]
    public void Validate_IntermediateThatIsNoAuthority_IsRefused()
    {
        var leaf = Root.Issue();
        var issued = TestCertificateSignedBy(leaf);

        Refuse(IdentityFailure.CertificateChainInvalid, issued, leaf);
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.CrlSign)]
    [InlineData(null)]
    public void Validate_IntermediateWithoutKeyCertSign_IsRefused(X509KeyUsageFlags? usages)
    {
        var intermediate = Root.Intermediate(change: c => c.Usages = usages);

        Refuse(IdentityFailure.CertificateChainInvalid, intermediate.Issue(), intermediate.Certificate);
    }

    [Fact]
    public void Validate_IntermediateWithAWorkloadsId_IsRefused()
    {
        var intermediate = Root.Intermediate(change: c => c.Uris[0] = "spiffe://example.org/ca");

        Refuse(IdentityFailure.CertificateChainInvalid, intermediate.Issue(), intermediate.Certificate);
    }

    /// <summary>X509-SVID, section 3.2: an authority may belong to another trust domain, where ours has signed it.</summary>
    [Fact]
    public void Validate_IntermediateOfAnotherTrustDomain_IsAccepted()
    {
        var intermediate = Root.Intermediate("upstream.example");

        Accept(intermediate.Issue(), intermediate.Certificate);
    }

    [Fact]
    public void Validate_PathLongerThanAllowed_IsRefused()
    {
        var upper = Root.Intermediate(change: c => c.PathLength = 0);
        var lower = upper.Intermediate();

        Accept(upper.Issue(), upper.Certificate);
        Refuse(IdentityFailure.CertificateChainInvalid, lower.Issue(), lower.Certificate, upper.Certificate);
    }

    /// <summary>X509-SVID, section 4.2.</summary>
    [Fact]
    public void Validate_NameConstraintViolated_IsRefused()
    {
        var permitted = Root.Intermediate(change: c => c.PermitUrisOf("example.org"));
        var foreign = Root.Intermediate(change: c => c.PermitUrisOf("other.example"));

        Accept(permitted.Issue(), permitted.Certificate);
        Refuse(IdentityFailure.CertificateChainInvalid, foreign.Issue(), foreign.Certificate);
    }

    /// <summary>X509-SVID, section 6.1: the certificate in the bundle SHOULD be self-signed, and need not be.</summary>
    [Fact]
    public void Validate_AuthorityThatIsNoRoot_IsTrustedAsItStands()
    {
        var upstream = TestAuthority.Root("upstream.example", change: c => c.Subject = "O=Upstream");
        var authority = upstream.Intermediate();
        var domains = new TrustDomainSet([Domain(TestBundle.Of(authority.Certificate))]);

        Assert.NotNull(X509SvidValidator.Validate(authority.Issue(), [], domains, Now).Agent);
        Assert.NotNull(X509SvidValidator.Validate(authority.Issue(), [upstream.Certificate], domains, Now).Agent);
        Assert.NotNull(X509SvidValidator.Validate(authority.Issue(), [authority.Certificate, upstream.Certificate], domains, Now).Agent);

        // Not so what its issuer has signed, nor what merely bears its name.
        Assert.Null(X509SvidValidator.Validate(upstream.Issue(), [upstream.Certificate], domains, Now).Agent);
        var namesake = TestAuthority.Root(change: c => c.Subject = authority.Certificate.Subject);
        Assert.Null(X509SvidValidator.Validate(namesake.Issue(), [], domains, Now).Agent);
        Assert.Null(X509SvidValidator.Validate(namesake.Issue(), [namesake.Certificate], domains, Now).Agent);

        // And what holds below a root holds below it.
        var constrained = authority.Intermediate(change: c => c.PermitUrisOf("other.example"));
        var allowed = authority.Intermediate(change: c => c.PermitUrisOf("example.org"));
        Assert.Null(X509SvidValidator.Validate(constrained.Issue(), [constrained.Certificate], domains, Now).Agent);
        Assert.NotNull(X509SvidValidator.Validate(allowed.Issue(), [allowed.Certificate], domains, Now).Agent);
        Assert.Null(X509SvidValidator.Validate(TestCertificateSignedBy(authority.Issue()), [authority.Issue()], domains, Now).Agent);
    }

    /// <summary>During a rotation two authorities have one name, and nothing else need tell them apart.</summary>
    [Fact]
    public void Validate_TwoAuthoritiesOfOneName_EachVouchesForItsOwn()
    {
        var next = TestAuthority.Root();
        var domains = new TrustDomainSet([Domain(TestBundle.Of(Root.Certificate, next.Certificate))]);

        Assert.NotNull(X509SvidValidator.Validate(Root.Issue(), [], domains, Now).Agent);
        Assert.NotNull(X509SvidValidator.Validate(next.Issue(), [], domains, Now).Agent);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Validate_AfterItsEnd_SkewOf30SecondsCounts(int seconds, bool accepted) =>
        AssertTime(Root.Issue(change: c => c.NotAfter = Now.AddSeconds(-seconds)), accepted, IdentityFailure.CertificateExpired);

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Validate_BeforeItsBeginning_SkewOf30SecondsCounts(int seconds, bool accepted) =>
        AssertTime(Root.Issue(change: c => c.NotBefore = Now.AddSeconds(seconds)), accepted, IdentityFailure.CertificateNotYetValid);

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Validate_IntermediateAfterItsEnd_SkewOf30SecondsCounts(int seconds, bool accepted)
    {
        var intermediate = Root.Intermediate(change: c => c.NotAfter = Now.AddSeconds(-seconds));

        AssertTime(intermediate.Issue(), accepted, IdentityFailure.CertificateExpired, intermediate.Certificate);
    }

    [Fact]
    public void Validate_AuthorityExpired_IsRefused()
    {
        var old = TestAuthority.Root(change: c => c.NotAfter = Now.AddSeconds(-31));

        Assert.Equal(IdentityFailure.CertificateExpired, X509SvidValidator.Validate(old.Issue(), [], new TrustDomainSet([Domain(Bundle(old))]), Now).Failure);
    }

    /// <summary>Trust Domain and Bundle, section 4.1.3: without a usable key every SVID is invalid.</summary>
    [Fact]
    public void Validate_EmptyBundle_IsRefused() => Assert.Equal(
        IdentityFailure.CertificateUntrusted,
        X509SvidValidator.Validate(Root.Issue(), [], new TrustDomainSet([Domain(TestBundle.Read("""{"keys":[]}"""))]), Now).Failure);

    [Fact]
    public void Validate_NoBundleOrOneTooOld_IsRefused()
    {
        var none = new TrustDomain(TestBundleSource.Definition(), new TestBundleSource(null, Now));
        var old = new TrustDomain(TestBundleSource.Definition(), new TestBundleSource(Bundle(Root), Now.AddDays(-1).AddSeconds(-1)));

        Assert.Equal(IdentityFailure.BundleUnavailable, X509SvidValidator.Validate(Root.Issue(), [], new TrustDomainSet([none]), Now).Failure);
        Assert.Equal(IdentityFailure.BundleUnavailable, X509SvidValidator.Validate(Root.Issue(), [], new TrustDomainSet([old]), Now).Failure);
    }

    [Fact]
    public void StillHolds_SameBundleAndTime_Holds()
    {
        var source = new TestBundleSource(Bundle(Root), Now);
        var domain = new TrustDomain(TestBundleSource.Definition(), source);
        var domains = new TrustDomainSet([domain]);
        var verdict = X509SvidValidator.Validate(Root.Issue(), [], domains, Now);

        Assert.True(verdict.StillHolds(domains, Now.AddMinutes(30).AddSeconds(30)));
        Assert.False(verdict.StillHolds(domains, Now.AddMinutes(30).AddSeconds(31)));
        Assert.False(verdict.StillHolds(TrustDomainSet.Empty, Now));
        Assert.False(verdict.StillHolds(new TrustDomainSet([new TrustDomain(domain.Definition, source)]), Now));

        source.Current = new FetchedBundle(source.Current!.Bundle, Now.AddSeconds(1));
        Assert.True(verdict.StillHolds(domains, Now));
        source.Current = new FetchedBundle(Bundle(Root), Now);
        Assert.False(verdict.StillHolds(domains, Now));
    }

    [Fact]
    public void StillHolds_Refusal_HoldsUntilTheBundleChangesOrItsTimeComes()
    {
        var source = new TestBundleSource(Bundle(Root), Now);
        var domains = new TrustDomainSet([new TrustDomain(TestBundleSource.Definition(), source)]);
        var untrusted = X509SvidValidator.Validate(TestAuthority.Root().Issue(), [], domains, Now);
        var early = X509SvidValidator.Validate(Root.Issue(change: c => c.NotBefore = Now.AddMinutes(5)), [], domains, Now);
        var unknown = X509SvidValidator.Validate(Root.Issue("spiffe://later.example/a"), [], domains, Now);

        Assert.True(untrusted.StillHolds(domains, Now.AddHours(1)));
        Assert.False(early.StillHolds(domains, Now));
        Assert.False(unknown.StillHolds(domains, Now));
        source.Current = new FetchedBundle(Bundle(Root), Now);
        Assert.False(untrusted.StillHolds(domains, Now));
    }

    /// <summary>The published certificates come without their authorities, so only what is wrong with themselves can be told.</summary>
    [Theory]
    [InlineData("good-leaf-only.pem", nameof(IdentityFailure.CertificateUntrusted))]
    [InlineData("good-cert-and-key.pem", nameof(IdentityFailure.CertificateUntrusted))]
    [InlineData("good-key-and-cert.pem", nameof(IdentityFailure.CertificateUntrusted))]
    [InlineData("wrong-leaf-ca-true.pem", nameof(IdentityFailure.CertificateUsageInvalid))]
    [InlineData("wrong-leaf-cert-sign.pem", nameof(IdentityFailure.CertificateUsageInvalid))]
    [InlineData("wrong-leaf-crl-sign.pem", nameof(IdentityFailure.CertificateUsageInvalid))]
    [InlineData("wrong-leaf-no-digital-signature.pem", nameof(IdentityFailure.CertificateUsageInvalid))]
    [InlineData("wrong-leaf-empty-id.pem", nameof(IdentityFailure.SpiffeIdInvalid))]
    public void Validate_Vector_IsJudgedByItsShape(string file, string expected)
    {
        var leaf = SpiffeVectors.Certificates($"x509svid/{file}")[0];
        var domains = new TrustDomainSet([Domain(Bundle(Root), at: Middle(leaf))]);

        Assert.Equal(expected, X509SvidValidator.Validate(leaf, [], domains, Middle(leaf)).Failure.ToString());
    }

    /// <summary>With the intermediate as the authority, since the one above it was not published.</summary>
    [Fact]
    public void Validate_VectorWithItsIntermediateAsAuthority_IsAccepted()
    {
        var certificates = SpiffeVectors.Certificates("x509svid/good-leaf-and-intermediate.pem");
        var domains = new TrustDomainSet([Domain(TestBundle.Of(certificates[1]), at: Middle(certificates[0]))]);

        Assert.Equal("spiffe://example.org/workload-1", X509SvidValidator.Validate(certificates[0], [], domains, Middle(certificates[0])).Agent?.Id);
    }

    [Theory]
    [InlineData("wrong-intermediate-no-ca.pem")]
    [InlineData("wrong-intermediate-no-key-cert-sign.pem")]
    public void Validate_VectorWithAWrongIntermediate_IsNeitherAuthorityNorIntermediate(string file)
    {
        var certificates = SpiffeVectors.Certificates($"x509svid/{file}");

        Assert.True(TestBundle.Of(certificates[1]).IsEmpty);
        Assert.False(SigningCertificate.IsIntermediate(certificates[1]));
    }

    [Theory]
    [InlineData("corrupt-cert.pem")]
    [InlineData("corrupt-key.pem")]
    [InlineData("key-pkcs8-ecdsa.pem")]
    [InlineData("key-pkcs8-rsa.pem")]
    [InlineData("not-pem")]
    public void Validate_VectorThatHoldsNoCertificate_CannotEvenBePresented(string file)
    {
        X509Certificate2Collection? certificates = null;
        try
        {
            certificates = SpiffeVectors.Certificates($"x509svid/{file}");
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // As good as none.
        }

        Assert.Empty(certificates ?? []);
    }

    private static DateTimeOffset Middle(X509Certificate2 certificate) => new DateTimeOffset(certificate.NotBefore.ToUniversalTime()).AddMinutes(10);

    private static SpiffeBundle Bundle(TestAuthority authority) => TestBundle.Of(authority.Certificate);

    private static TrustDomain Domain(SpiffeBundle bundle, string name = "example.org", DateTimeOffset? at = null) =>
        new(TestBundleSource.Definition(name), new TestBundleSource(bundle, at ?? Now));

    private static X509SvidVerdict Validate(X509Certificate2 leaf, params X509Certificate2[] intermediates) =>
        X509SvidValidator.Validate(leaf, intermediates, new TrustDomainSet([Domain(Bundle(Root))]), Now);

    private static AgentIdentity Accept(X509Certificate2 leaf, params X509Certificate2[] intermediates)
    {
        var verdict = Validate(leaf, intermediates);
        Assert.True(verdict.Agent is not null, $"Refused: {verdict.Failure}");
        return verdict.Agent;
    }

    private static void Refuse(IdentityFailure expected, X509Certificate2 leaf, params X509Certificate2[] intermediates)
    {
        var verdict = Validate(leaf, intermediates);
        Assert.Null(verdict.Agent);
        Assert.Equal(expected, verdict.Failure);
    }

    private static void AssertTime(X509Certificate2 leaf, bool accepted, IdentityFailure failure, params X509Certificate2[] intermediates)
    {
        if (accepted)
        {
            Accept(leaf, intermediates);
        }
        else
        {
            Refuse(failure, leaf, intermediates);
        }
    }

    private static X509Certificate2 TestCertificateSignedBy(X509Certificate2 issuer) => new TestCertificate
    {
        Subject = "O=Below a leaf",
        Uris = { Id },
        NotBefore = Now.AddMinutes(-1),
        NotAfter = Now.AddMinutes(1),
        Usages = X509KeyUsageFlags.DigitalSignature,
    }.SignedBy(issuer, [1, 2, 3]);
}
