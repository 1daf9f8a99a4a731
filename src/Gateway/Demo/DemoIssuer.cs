using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Demo;

/// <summary>A small identity provider for the demo: tokens for the agent, and short-lived access tokens for the gateway.</summary>
/// <remarks>Real OIDC discovery, JWKS, client credentials (RFC 6749 §4.4), revocation (RFC 7009) and introspection (RFC 7662); keys live as long as the process.</remarks>
internal sealed class DemoIssuer : IAsyncDisposable
{
    public const string ClientId = "gateway";

    private static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromMinutes(5);

    private readonly WebApplication _app;
    private readonly TimeProvider _clock;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _accessTokens = new(StringComparer.Ordinal);

    private DemoIssuer(WebApplication app, TimeProvider clock)
    {
        _app = app;
        _clock = clock;
    }

    /// <summary>The issuer's URL, known once it listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The secret with which the gateway authenticates at the token endpoint.</summary>
    public string ClientSecret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public static async Task<DemoIssuer> StartAsync(int port, TimeProvider clock, CancellationToken cancellationToken)
    {
        var app = DemoHost.Build(port);
        var issuer = new DemoIssuer(app, clock);
        app.MapGet("/.well-known/openid-configuration", issuer.Discovery);
        app.MapGet("/jwks", issuer.Jwks);
        app.MapPost("/token", (Delegate)issuer.TokenAsync);
        app.MapPost("/revoke", (Delegate)issuer.RevokeAsync);
        app.MapPost("/introspect", (Delegate)issuer.IntrospectAsync);
        await app.StartAsync(cancellationToken);
        issuer.Url = app.Urls.Single();
        return issuer;
    }

    /// <summary>A workload token for an agent, five minutes long.</summary>
    public string IssueAgentToken(string subject) => Sign(_key, subject);

    /// <summary>What an attacker can make: the same token under a key of their own.</summary>
    public string ForgeAgentToken(string subject)
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(foreign, subject);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private string Sign(ECDsa key, string subject)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Url,
            Audience = "gateway",
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = subject, ["jti"] = Guid.NewGuid().ToString("N") },
            IssuedAt = now,
            Expires = now.AddMinutes(5),
            SigningCredentials = new SigningCredentials(
                new ECDsaSecurityKey(key) { KeyId = "demo-1", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
                SecurityAlgorithms.EcdsaSha256),
        });
    }

    private IResult Discovery() => Results.Json(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["issuer"] = Url,
        ["jwks_uri"] = $"{Url}/jwks",
        ["token_endpoint"] = $"{Url}/token",
        ["revocation_endpoint"] = $"{Url}/revoke",
        ["introspection_endpoint"] = $"{Url}/introspect",
        ["response_types_supported"] = (string[])["token"],
        ["subject_types_supported"] = (string[])["public"],
        ["id_token_signing_alg_values_supported"] = (string[])["ES256"],
    });

    private IResult Jwks()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return Results.Json(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = "demo-1", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) } },
        });
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!IsGateway(request) || form["grant_type"] != "client_credentials")
        {
            return Results.Json(new { error = "invalid_client" }, statusCode: StatusCodes.Status401Unauthorized);
        }

        var token = $"demo_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        _accessTokens[token] = _clock.GetUtcNow() + AccessTokenLifetime;
        return Results.Json(new { access_token = token, token_type = "Bearer", expires_in = (int)AccessTokenLifetime.TotalSeconds });
    }

    private async Task<IResult> RevokeAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!IsGateway(request))
        {
            return Results.Json(new { error = "invalid_client" }, statusCode: StatusCodes.Status401Unauthorized);
        }

        // RFC 7009 §2.2: a token that is unknown is as good as revoked.
        _accessTokens.TryRemove(form["token"].ToString(), out _);
        return Results.Ok();
    }

    private async Task<IResult> IntrospectAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var active = _accessTokens.TryGetValue(form["token"].ToString(), out var expiry) && expiry > _clock.GetUtcNow();
        return Results.Json(new { active });
    }

    private bool IsGateway(HttpRequest request)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{ClientSecret}"));
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()),
            Encoding.UTF8.GetBytes(expected));
    }
}
