using Gateway.Core.Identity;
using Gateway.Core.Identity.Spiffe;
using Gateway.Core.Tests.Identity;
using Gateway.Identity;

namespace Gateway.Tests.Identity;

public sealed class PresentedCertificateTests
{
    private static readonly DateTimeOffset Now = TestClock.Start;

    private readonly TestAuthority _authority = TestAuthority.Root();
    private readonly TestBundleSource _bundles;
    private readonly TrustDomainSet _domains;

    public PresentedCertificateTests()
    {
        _bundles = new TestBundleSource(TestBundle.Of(_authority.Certificate), Now);
        _domains = new TrustDomainSet([new TrustDomain(TestBundleSource.Definition(), _bundles)]);
    }

    [Fact]
    public void Judge_NothingChanged_JudgesOncePerConnection()
    {
        var certificate = new PresentedCertificate(_authority.Issue(), []);
        var first = certificate.Judge(_domains, Now);

        Assert.NotNull(first.Agent);
        Assert.Same(first, certificate.Judge(_domains, Now.AddMinutes(10)));
    }

    [Fact]
    public void Judge_RefusedOnce_CostsNoSecondChain()
    {
        var certificate = new PresentedCertificate(TestAuthority.Root().Issue(), []);
        var first = certificate.Judge(_domains, Now);

        Assert.Equal(IdentityFailure.CertificateUntrusted, first.Failure);
        Assert.Same(first, certificate.Judge(_domains, Now.AddMinutes(10)));
    }

    [Fact]
    public void Judge_BundleDropsTheAuthority_RefusesFromThenOn()
    {
        var certificate = new PresentedCertificate(_authority.Issue(), []);
        Assert.NotNull(certificate.Judge(_domains, Now).Agent);
        _bundles.Current = new FetchedBundle(TestBundle.Of(TestAuthority.Root().Certificate), Now);

        Assert.Equal(IdentityFailure.CertificateUntrusted, certificate.Judge(_domains, Now).Failure);
    }

    [Fact]
    public void Judge_TimeIsUp_RefusesAlthoughItAcceptedBefore()
    {
        var certificate = new PresentedCertificate(_authority.Issue(), []);
        Assert.NotNull(certificate.Judge(_domains, Now).Agent);

        Assert.NotNull(certificate.Judge(_domains, Now.AddMinutes(30).AddSeconds(30)).Agent);
        Assert.Equal(IdentityFailure.CertificateExpired, certificate.Judge(_domains, Now.AddMinutes(30).AddSeconds(31)).Failure);
    }

    [Fact]
    public void Judge_TrustDomainNoLongerConfigured_Refuses()
    {
        var certificate = new PresentedCertificate(_authority.Issue(), []);
        Assert.NotNull(certificate.Judge(_domains, Now).Agent);

        Assert.Equal(IdentityFailure.TrustDomainUnknown, certificate.Judge(TrustDomainSet.Empty, Now).Failure);
    }
}
