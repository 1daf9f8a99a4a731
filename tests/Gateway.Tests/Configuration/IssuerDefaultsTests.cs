using Gateway.Configuration;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Tests.Configuration;

/// <summary>What a kind fills in where configuration is silent.</summary>
public sealed class IssuerDefaultsTests
{
    private const string Tenant = "aaaaaaaa-2222-3333-4444-555555555555";
    private const string V1 = $"https://sts.windows.net/{Tenant}/";
    private const string V2 = $"https://login.microsoftonline.com/{Tenant}/v2.0";

    [Theory]
    [InlineData(null, null, null, "https://k", null)]
    [InlineData(null, null, null, "https://kubernetes.default.svc", "https://kubernetes.default.svc/openid/v1/jwks")]
    [InlineData(null, null, null, "https://kubernetes.default.svc.cluster.local", "https://kubernetes.default.svc/openid/v1/jwks")]
    [InlineData(null, null, null, "https://kubernetes.default.svc.corp.internal", "https://kubernetes.default.svc/openid/v1/jwks")]
    [InlineData(null, null, "https://10.0.0.1:6443/", "https://k", "https://10.0.0.1:6443/openid/v1/jwks")]
    [InlineData("https://keys", null, "https://10.0.0.1:6443", "https://k", "https://keys")]
    [InlineData(null, "keys.json", "https://10.0.0.1:6443", "https://k", null)]
    public void JwksUri_OfACluster_IsTheApiServersUnlessSaidOtherwise(string? uri, string? file, string? server, string issuer, string? expected) =>
        Assert.Equal(expected, IssuerDefaults.JwksUri(Options(IssuerKind.Kubernetes) with { Issuer = issuer, JwksUri = uri, JwksFile = file, ApiServer = server }));

    [Fact]
    public void JwksUri_OfAnotherKind_IsOnlyWhatIsWritten() =>
        Assert.Null(IssuerDefaults.JwksUri(Options(IssuerKind.Oidc) with { Issuer = "https://kubernetes.default.svc" }));

    [Theory]
    [InlineData(Tenant, null, V2, V1)]
    [InlineData("AAAAAAAA-2222-3333-4444-555555555555", null, V2, V1)]
    [InlineData(null, V2, V2, V1)]
    [InlineData(null, V1, V1, V2)]
    [InlineData(Tenant, "https://idp.test/entra", "https://idp.test/entra", null)]
    public void Issuer_OfAnEntraTenant_HasBothForms(string? tenant, string? issuer, string expected, string? other)
    {
        var options = Options(IssuerKind.Entra) with { Tenant = tenant, Issuer = issuer };

        Assert.Equal(Tenant, IssuerDefaults.Tenant(options));
        Assert.Equal(expected, IssuerDefaults.Issuer(options));
        Assert.Equal(other is null ? [] : [other], IssuerDefaults.OtherIssuers(options));
    }

    [Fact]
    public void Issuer_WellKnown_CanBeAnother()
    {
        Assert.Equal("https://token.actions.githubusercontent.com", IssuerDefaults.Issuer(Options(IssuerKind.GitHubActions)));
        Assert.Equal("https://accounts.google.com", IssuerDefaults.Issuer(Options(IssuerKind.Google)));
        Assert.Equal("https://github.test/_services/token", IssuerDefaults.Issuer(Options(IssuerKind.GitHubActions) with { Issuer = "https://github.test/_services/token" }));
        Assert.Null(IssuerDefaults.Issuer(Options(IssuerKind.Oidc)));
        Assert.Null(IssuerDefaults.Issuer(Options(IssuerKind.Kubernetes)));
    }

    [Fact]
    public void Cluster_Unwritten_IsTheOneThatTheGatewayRunsIn()
    {
        var options = Options(IssuerKind.Kubernetes);

        Assert.Equal("https://kubernetes.default.svc", IssuerDefaults.ApiServer(options));
        Assert.Equal("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt", IssuerDefaults.CaFile(options));
        Assert.Equal("file:/var/run/secrets/kubernetes.io/serviceaccount/token", IssuerDefaults.ApiServerToken(options).ToString());
    }

    private static IssuerOptions Options(IssuerKind kind) => new() { Kind = kind, Audiences = ["gateway"] };
}
