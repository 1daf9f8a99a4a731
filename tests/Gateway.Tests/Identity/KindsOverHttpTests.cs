using System.Net;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Identity;

/// <summary>Issuers of every kind as an operator configures them: who gets through, and what the log says of who does not.</summary>
public sealed class KindsOverHttpTests : IAsyncLifetime
{
    private const string First = "11111111-2222-3333-4444-555555555555";
    private const string Second = "21111111-2222-3333-4444-555555555555";
    private const string Account = "system:serviceaccount:billing:agent";

    private readonly TemporaryFolder _folder = new();
    private readonly WorkloadIssuer _issuer = new();
    private RecordingUpstream _upstream = null!;
    private ReviewServer _cluster = null!;
    private InProcessGateway _gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await RecordingUpstream.StartAsync();
        _cluster = await ReviewServer.StartAsync(Account);
        var keys = _folder.Write("jwks.json", _issuer.KeySet());
        string[] audiences = ["gateway"];
        _gateway = await InProcessGateway.StartAsync(_folder, new GatewaySetup
        {
            Identity = new
            {
                Issuers = new Dictionary<string, object>
                {
                    ["first"] = new { Kind = "Entra", Tenant = First, Audiences = audiences, JwksFile = keys },
                    ["second"] = new { Kind = "Entra", Issuer = $"https://sts.windows.net/{Second}/", Audiences = audiences, JwksFile = keys },
                    ["github"] = new
                    {
                        Kind = "GitHubActions",
                        Audiences = audiences,
                        JwksFile = keys,
                        RequiredClaims = new { repository_owner_id = new[] { "9919" } },
                    },
                    ["google"] = new { Kind = "Google", Audiences = audiences, JwksFile = keys },
                    ["cluster"] = new
                    {
                        Kind = "Kubernetes",
                        Issuer = "https://kubernetes.default.svc",
                        Audiences = audiences,
                        JwksFile = keys,
                        TokenReview = true,
                        TokenReviewCache = "00:00:00",
                        ApiServer = _cluster.Url,
                        ApiServerToken = $"file:{_folder.Write("token", "gateway-token")}",
                    },
                },
            },
            Tools = new Dictionary<string, object> { ["tool"] = new { Path = "/tool", Upstream = _upstream.Url, Credential = "key" } },
            Credentials = new Dictionary<string, object>
            {
                ["key"] = new { Type = "Static", Value = $"file:{_folder.Write("key", Canary.New("key"))}", Owner = "tests", NotAfter = "2099-12-31" },
            },
            Policies = $$"""
                permit (principal, action, resource) when { principal.issuer == "first" && principal.claims.tid == "{{First}}" };
                permit (principal, action, resource) when { principal.issuer == "second" && principal.claims.tid == "{{Second}}" };
                permit (principal, action, resource) when { principal.issuer == "github" && principal.claims.ref == "refs/heads/main" };
                permit (principal, action, resource) when { principal.issuer == "google" && principal.claims.email like "agent@*" };
                permit (principal, action, resource) when {
                    principal.issuer == "cluster" &&
                    principal.claims["kubernetes.io"].namespace == "billing" &&
                    principal.claims["kubernetes.io"].serviceaccount.name == "agent" &&
                    principal.claims["kubernetes.io"].pod.name == "agent-7f" &&
                    principal.claims["kubernetes.io"].node.name == "node-1"
                };
                """,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _cluster.DisposeAsync();
        await _upstream.DisposeAsync();
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData($"https://login.microsoftonline.com/{First}/v2.0", First, "first")]
    [InlineData($"https://sts.windows.net/{First}/", First, "first")]
    [InlineData($"https://login.microsoftonline.com/{Second}/v2.0", Second, "second")]
    [InlineData($"https://sts.windows.net/{Second}/", Second, "second")]
    public async Task Entra_ApplicationOfEitherTenantAndVersion_IsServed(string iss, string tenant, string issuer) =>
        await AssertServedAsync(Entra(iss, tenant), $"{issuer}:worker");

    [Theory]
    [InlineData("idtyp", "user", "people are no agents")]
    [InlineData("tid", Second, "another Entra tenant")]
    [InlineData("iss", "https://sts.windows.net/31111111-2222-3333-4444-555555555555/", "issuer")]
    [InlineData("iss", "https://login.microsoftonline.com/common/v2.0", "issuer")]
    public async Task Entra_PersonOrStranger_IsRefusedAndTheRecordSaysWhy(string claim, string value, string detail)
    {
        var claims = Entra($"https://login.microsoftonline.com/{First}/v2.0", First);
        claims[claim] = value;
        await AssertRefusedAsync(claims, detail);
    }

    [Fact]
    public async Task GitHub_JobOfATrustedOwner_IsServed() =>
        await AssertServedAsync(GitHub("9919"), "github:repository_id:1296269:environment:production");

    [Fact]
    public async Task GitHub_JobOfAnotherOwner_IsRefusedWhateverItsName() => await AssertRefusedAsync(GitHub("10"), "RequiredClaims");

    [Fact]
    public async Task Google_ServiceAccount_IsServedAndAPersonIsNot()
    {
        var claims = new Dictionary<string, object>
        {
            ["iss"] = "https://accounts.google.com",
            ["sub"] = "112233445566778899001",
            ["email"] = "agent@project.iam.gserviceaccount.com",
            ["email_verified"] = true,
        };
        await AssertServedAsync(claims, "google:112233445566778899001");

        claims["email"] = "agent@example.com";
        await AssertRefusedAsync(claims, "people are no agents");
    }

    [Fact]
    public async Task Kubernetes_PodDeleted_TokenIsRefusedAndTheRecordSaysWhy()
    {
        await AssertServedAsync(Pod(), $"cluster:{Account}");

        _cluster.PodIsGone = true;
        await AssertRefusedAsync(Pod(), "TokenReview");
    }

    [Fact]
    public async Task Kubernetes_ApiServerGone_IsRefusedWithATimeToTryAgain()
    {
        await _cluster.DisposeAsync();

        using var response = await AssertRefusedAsync(Pod(), "could not be asked");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    private static Dictionary<string, object> Entra(string iss, string tenant) => new() { ["iss"] = iss, ["tid"] = tenant, ["idtyp"] = "app" };

    private static Dictionary<string, object> GitHub(string owner) => new()
    {
        ["iss"] = "https://token.actions.githubusercontent.com",
        ["sub"] = "repo:octo/hello:environment:production",
        ["repository"] = "octo/hello",
        ["repository_id"] = "1296269",
        ["repository_owner"] = "octo",
        ["repository_owner_id"] = owner,
        ["environment"] = "production",
        ["ref"] = "refs/heads/main",
    };

    private static Dictionary<string, object> Pod() => new()
    {
        ["iss"] = "https://kubernetes.default.svc",
        ["sub"] = Account,
        ["kubernetes.io"] = JsonElement.Parse("""
            {
              "namespace": "billing",
              "serviceaccount": { "name": "agent", "uid": "u-1" },
              "pod": { "name": "agent-7f", "uid": "u-2" },
              "node": { "name": "node-1", "uid": "u-3" }
            }
            """),
    };

    private async Task AssertServedAsync(Dictionary<string, object> claims, string agent)
    {
        using var response = await _gateway.GetAsync("/tool/x", _issuer.TokenWith(claims));

        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Stop));
        var logged = await new CallLog(_folder.Combine("audit")).SingleAsync(response.CallId(), Stop);
        Assert.Equal((CallLog.ApiActivity, agent), (logged.ClassUid(), logged.Agent()));
    }

    private async Task<HttpResponseMessage> AssertRefusedAsync(Dictionary<string, object> claims, string detail)
    {
        _upstream.Clear();
        var response = await _gateway.GetAsync("/tool/x", _issuer.TokenWith(claims));

        var body = await Problem.AssertAsync(response, HttpStatusCode.Unauthorized, "identity_invalid", Stop);
        Assert.DoesNotContain(detail, body.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_upstream.Requests);
        var logged = await new CallLog(_folder.Combine("audit")).SingleAsync(response.CallId(), Stop);
        Assert.Equal(CallLog.Authentication, logged.ClassUid());
        Assert.Contains(detail, logged.Text("status_detail"), StringComparison.OrdinalIgnoreCase);
        return response;
    }
}
