using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Gateway.Core.Credentials;
using Gateway.Core.Identity;
using Gateway.Core.Tests.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Kubernetes;

/// <summary>The two endpoints of an API server that the gateway uses, over TLS with an authority of its own, for callers with a token.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string GatewayToken = "gateway-token-1";

    private readonly WebApplication _application;
    private readonly DirectoryInfo _folder;

    private TestCluster(WebApplication application, DirectoryInfo folder)
    {
        _application = application;
        _folder = folder;
    }

    public Uri Url => new(_application.Urls.Single());

    public string CaFile => Path.Combine(_folder.FullName, "ca.crt");

    public string TokenFile => Path.Combine(_folder.FullName, "token");

    public ClusterDefinition Definition => new() { ApiServer = Url, CaFile = CaFile, Token = new SecretReference("file", TokenFile) };

    /// <summary>The token that callers must show.</summary>
    public string ExpectedToken { get; set; } = GatewayToken;

    /// <summary>Each TokenReview that was asked for by an authorized caller.</summary>
    public ConcurrentQueue<JsonElement> Reviews { get; } = new();

    /// <summary>Paths of everything asked, with the authorization that came with it.</summary>
    public ConcurrentQueue<(string Path, string Authorization)> Requests { get; } = new();

    public string Keys { get; set; } = "";

    /// <summary>Answers a TokenReview.</summary>
    public Func<JsonElement, HttpContext, Task> Answer { get; set; } = (review, context) => VouchAsync(context, Subject(review));

    public static async Task<TestCluster> StartAsync(params TestIssuer[] issuers)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-cluster-");
        var (authority, server) = Certificates(IPAddress.Loopback.ToString());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(server)));
        var application = builder.Build();
        var cluster = new TestCluster(application, folder) { Keys = TestIssuer.JwkSet(issuers) };
        await File.WriteAllTextAsync(cluster.CaFile, authority, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(cluster.TokenFile, $"{GatewayToken}\n", TestContext.Current.CancellationToken);
        application.Run(cluster.ServeAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return cluster;
    }

    public static Task VouchAsync(HttpContext context, string username, params string[] audiences) => JsonAsync(context, new
    {
        apiVersion = "authentication.k8s.io/v1",
        kind = "TokenReview",
        status = new { authenticated = true, user = new { username, uid = "u-1", groups = new[] { "system:serviceaccounts" } }, audiences = audiences is [] ? [TestIssuer.Audience] : audiences },
    });

    /// <summary>What an API server says of the token of a pod that is gone.</summary>
    public static Task DisownAsync(HttpContext context) =>
        JsonAsync(context, new { kind = "TokenReview", status = new { error = "[invalid bearer token, pod is gone CANARY]" } });

    public static Task JsonAsync(HttpContext context, object body, int status = 201)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body);
    }

    /// <summary>An authority's certificate as PEM, and a server's certificate of it.</summary>
    public static (string Authority, X509Certificate2 Server) Certificates(string address)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=cluster authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var from = DateTimeOffset.UtcNow.AddHours(-1);
        using var authority = authorityRequest.CreateSelfSigned(from, from.AddDays(1));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, from, from.AddDays(1), [1, 2, 3, 4]);
        using var withKey = issued.CopyWithPrivateKey(key);
        return (authority.ExportCertificatePem(), X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null));
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        if (Directory.Exists(_folder.FullName))
        {
            _folder.Delete(recursive: true);
        }
    }

    /// <summary>The <c>sub</c> of the reviewed token.</summary>
    private static string Subject(JsonElement review)
    {
        var payload = review.GetProperty("spec").GetProperty("token").GetString()!.Split('.')[1];
        return JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload)).GetProperty("sub").GetString()!;
    }

    private async Task ServeAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        Requests.Enqueue((context.Request.Path, authorization));
        if (authorization != $"Bearer {ExpectedToken}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (context.Request is { Method: "GET", Path.Value: "/openid/v1/jwks" })
        {
            await context.Response.WriteAsync(Keys);
        }
        else if (context.Request is { Method: "POST", Path.Value: "/apis/authentication.k8s.io/v1/tokenreviews" })
        {
            var review = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
            Reviews.Enqueue(review);
            await Answer(review, context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
