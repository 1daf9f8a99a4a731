using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Identity.Spiffe;

namespace Gateway.Core.Tests.Identity;

/// <summary>A trust domain's bundle as the trust domain would publish it.</summary>
internal static class TestBundle
{
    public static string Json(IEnumerable<X509Certificate2> authorities, IEnumerable<TestIssuer> issuers, int? hint = null) => new JsonObject
    {
        ["spiffe_sequence"] = 1,
        ["spiffe_refresh_hint"] = hint ?? 60,
        ["keys"] = new JsonArray([.. authorities.Select(Entry), .. issuers.Select(Entry)]),
    }.ToJsonString();

    public static string Json(params TestAuthority[] authorities) => Json(authorities.Select(a => a.Certificate), []);

    public static SpiffeBundle Of(params X509Certificate2[] authorities) => Read(Json(authorities, []));

    public static SpiffeBundle Read(string json)
    {
        Assert.True(SpiffeBundleReader.TryRead(Encoding.UTF8.GetBytes(json), out var bundle));
        return bundle;
    }

    public static JsonObject Entry(X509Certificate2 authority) => new()
    {
        ["use"] = "x509-svid",
        ["kty"] = "EC",
        ["x5c"] = new JsonArray(Convert.ToBase64String(authority.RawData)),
    };

    private static JsonObject Entry(TestIssuer issuer)
    {
        var jwk = issuer.Jwk;
        jwk["use"] = "jwt-svid";
        return jwk;
    }
}
