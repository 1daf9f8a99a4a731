using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>Issuing a credential is the exception, using it the rule.</summary>
public sealed class LeaseLoadTests
{
    private const int Calls = 10_000;
    private const int Callers = 16;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_TenThousandOverATokensLife_CauseOneTokenRequestAndOneRecordEach()
    {
        using var folder = new TemporaryFolder();
        using var secrets = new TemporaryFolder();
        using var issuer = new WorkloadIssuer();
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var endpoint = await RecordingUpstream.StartAsync();
        endpoint.Answer = (_, context) =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"access_token":"a-good-token","token_type":"Bearer","expires_in":3600}""", context.RequestAborted);
        };
        await using var gateway = await GatewayProcess.StartAsync(
            folder,
            new GatewaySetup
            {
                Identity = issuer.Configure(folder),
                Tools = new Dictionary<string, object> { ["api"] = new { Path = "/api", Upstream = upstream.Url, Credential = "partner" } },
                Credentials = new Dictionary<string, object>
                {
                    ["partner"] = new
                    {
                        Type = "OAuth2ClientCredentials",
                        TokenEndpoint = $"{endpoint.Url}/token",
                        ClientId = "gateway",
                        ClientSecret = $"file:{secrets.Write("client", Canary.New("client"))}",
                    },
                },
                Policies = """@id("all") permit (principal, action, resource);""",
                Trace = false,
            },
            Stop);
        var token = issuer.Token();

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var i = 0; i < Calls / Callers; i++)
            {
                using var response = await gateway.SendAsync(HttpMethod.Get, "/api/x", token, Stop);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }));

        Assert.Single(endpoint.Requests);
        Assert.Equal(Calls, upstream.Requests.Count);
        var events = await gateway.Log.WaitForCountAsync(Calls, Stop);
        var all = gateway.Log.ReadLines();
        Assert.Equal(
            Enumerable.Range(1, all.Count).Select(i => (long)i),
            all.Select(e => e.GetProperty("metadata").GetProperty("sequence").GetInt64()));
        Assert.Equal(Calls, events.Select(e => e.Text("api", "request", "uid")).Distinct(StringComparer.Ordinal).Count());
    }
}
