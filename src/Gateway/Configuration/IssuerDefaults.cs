using Gateway.Core.Credentials;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Configuration;

/// <summary>What an issuer's kind fills in where configuration is silent. Null where it cannot.</summary>
internal static class IssuerDefaults
{
    private const string Cluster = "https://kubernetes.default.svc";
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The token's <c>iss</c>.</summary>
    public static string? Issuer(IssuerOptions options) =>
        options.Issuer ?? (options.Kind == IssuerKind.Entra && Tenant(options) is { } tenant ? EntraV2(tenant) : IssuerProfile.Of(options.Kind).Issuer);

    /// <summary>The other form of an Entra tenant's <c>iss</c>: which one an API's tokens have is the API's setting, not the caller's.</summary>
    public static IReadOnlyList<string> OtherIssuers(IssuerOptions options)
    {
        if (options.Kind != IssuerKind.Entra || Tenant(options) is not { } tenant)
        {
            return [];
        }

        var issuer = Issuer(options);
        return issuer == EntraV2(tenant) ? [EntraV1(tenant)]
            : issuer == EntraV1(tenant) ? [EntraV2(tenant)]
            : [];
    }

    /// <summary>In lower case, as tokens spell it.</summary>
    public static string? Tenant(IssuerOptions options)
    {
        if (options.Kind != IssuerKind.Entra)
        {
            return null;
        }

        var text = options.Tenant ?? (Uri.TryCreate(options.Issuer, UriKind.Absolute, out var issuer) ? issuer.Segments.ElementAtOrDefault(1)?.TrimEnd('/') : null);
        return Guid.TryParseExact(text, "D", out var tenant) ? tenant.ToString("D") : null;
    }

    public static TimeSpan? MaxLifetime(IssuerOptions options) => options.MaxLifetime ?? IssuerProfile.Of(options.Kind).MaxLifetime;

    /// <summary>Where the keys are; null for discovery or a file.</summary>
    public static string? JwksUri(IssuerOptions options) =>
        options.JwksUri ?? (options is { JwksFile: null, Kind: IssuerKind.Kubernetes } && (options.ApiServer is not null || IsInCluster(options.Issuer))
            ? $"{ApiServer(options).TrimEnd('/')}/openid/v1/jwks"
            : null);

    public static string ApiServer(IssuerOptions options) => options.ApiServer ?? Cluster;

    public static string CaFile(IssuerOptions options) => options.CaFile ?? $"{ServiceAccount}/ca.crt";

    public static SecretReference ApiServerToken(IssuerOptions options) =>
        options.ApiServerToken ?? new SecretReference(SecretReference.FileScheme, $"{ServiceAccount}/token");

    private static bool IsInCluster(string? issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
        && (uri.Host == "kubernetes.default.svc" || uri.Host.StartsWith("kubernetes.default.svc.", StringComparison.Ordinal));

    private static string EntraV1(string tenant) => $"https://sts.windows.net/{tenant}/";

    private static string EntraV2(string tenant) => $"https://login.microsoftonline.com/{tenant}/v2.0";
}
