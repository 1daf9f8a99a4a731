using System.Net;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Tasks;

namespace Gateway.Tests.Admin;

/// <summary>Operators of an issuer, each with the role that their token says.</summary>
public sealed class AdminRoleTests : IAsyncLifetime
{
    private readonly WorkloadIssuer _operators = new();
    private readonly TemporaryFolder _keys = new();
    private TaskScene _scene = null!;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync(admin: new
    {
        Issuers = new Dictionary<string, object>
        {
            ["staff"] = new { Issuer = WorkloadIssuer.Url, Audiences = new[] { "gateway" }, JwksFile = _keys.Write("jwks.json", _operators.KeySet()) },
        },
    });

    public async ValueTask DisposeAsync()
    {
        await _scene.DisposeAsync();
        _keys.Dispose();
        _operators.Dispose();
    }

    [Theory]
    [InlineData(null, 403, 403)]
    [InlineData("", 403, 403)]
    [InlineData("Admin", 403, 403)]
    [InlineData("viewer", 200, 403)]
    [InlineData("operator", 200, 201)]
    [InlineData("admin", 200, 201)]
    public async Task Role_OfTheToken_DecidesWhatIsAllowed(string? role, int reads, int starts)
    {
        var token = role is null ? _operators.Token() : _operators.TokenWith("roles", role);

        using var read = await _scene.AdminAsync(HttpMethod.Get, "/v1/tasks", token: token);
        using var start = await _scene.AdminAsync(HttpMethod.Post, "/v1/tasks", new { agent = "dev:worker", purpose = "p" }, token);

        Assert.Equal((reads, starts), ((int)read.StatusCode, (int)start.StatusCode));
    }

    [Fact]
    public async Task Roles_InAList_TheHighestCounts()
    {
        var token = _operators.TokenWith("roles", new[] { "viewer", "operator", "other" });

        using var suspended = await _scene.AdminAsync(HttpMethod.Post, "/v1/agents/suspend", new { agent = "dev:bad", reason = "leak" }, token);

        Assert.Equal(HttpStatusCode.OK, suspended.StatusCode);
        var logged = await _scene.Log.SingleEntityAsync("Suspend", TestContext.Current.CancellationToken);
        Assert.Equal("staff:worker", logged.Text("actor", "app_uid"));
    }

    [Fact]
    public async Task AdminToken_WithIssuersConfigured_DoesNotCount()
    {
        using var withFile = await _scene.AdminAsync(HttpMethod.Get, "/v1/tasks");
        using var agents = await _scene.AdminAsync(HttpMethod.Get, "/v1/tasks", token: _scene.Issuer.TokenWith("roles", "admin"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (withFile.StatusCode, agents.StatusCode));
    }

    [Fact]
    public async Task OperatorsToken_AsAnAgents_DoesNotCount()
    {
        using var call = await _scene.CallWithAsync(_operators.TokenWith("roles", "admin"), "/api/x");

        await TaskScene.AssertRefusedAsync(call, "identity_invalid", HttpStatusCode.Unauthorized);
    }
}
