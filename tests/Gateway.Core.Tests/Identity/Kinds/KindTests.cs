using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Kinds;

namespace Gateway.Core.Tests.Identity.Kinds;

/// <summary>A good token of every kind, and every wrong one that its rules are there for.</summary>
public sealed class KindTests
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string EntraV1 = $"https://sts.windows.net/{Tenant}/";

    private readonly TestIssuer _issuer = new();

    [Fact]
    public async Task Kubernetes_ProjectedToken_NamesItsServiceAccountAndShowsPolicyItsPod()
    {
        var agent = await Gateway(IssuerKind.Kubernetes).AcceptAsync(_issuer.Token(Kubernetes));

        Assert.Equal("test:system:serviceaccount:billing:agent", agent.Id);
        var claim = agent.Claims["kubernetes.io"];
        Assert.Equal("billing", claim.GetProperty("namespace").GetString());
        Assert.Equal("agent-7f", claim.GetProperty("pod").GetProperty("name").GetString());
        Assert.Equal("node-1", claim.GetProperty("node").GetProperty("name").GetString());
    }

    public static TheoryData<string, string> BrokenKubernetes => new()
    {
        { "/sub", "\"agent\"" },
        { "/sub", "\"system:serviceaccount:billing:other\"" },
        { "/sub", "\"system:serviceaccount:billing\"" },
        { "/sub", "\"system:node:agent\"" },
        { "/kubernetes.io", "null" },
        { "/kubernetes.io", "\"billing\"" },
        { "/kubernetes.io/namespace", "\"other\"" },
        { "/kubernetes.io/namespace", "[\"billing\"]" },
        { "/kubernetes.io/serviceaccount", "\"agent\"" },
        { "/kubernetes.io/serviceaccount/name", "\"other\"" },
        { "/kubernetes.io/serviceaccount/name", "\"\"" },
    };

    [Theory]
    [MemberData(nameof(BrokenKubernetes))]
    public async Task Kubernetes_SubjectAndClaimThatDisagree_AreRefused(string path, string json) =>
        await Gateway(IssuerKind.Kubernetes).RefuseAsync(_issuer.Token(claims => Set(Kubernetes, claims, path, json)), IdentityFailure.ServiceAccountInvalid);

    [Fact]
    public async Task Kubernetes_ColonInAName_CannotBorrowAnotherNamespace() =>
        await Gateway(IssuerKind.Kubernetes).RefuseAsync(
            _issuer.Token(claims =>
            {
                Set(Kubernetes, claims, "/kubernetes.io/namespace", "\"billing:agent\"");
                Set(null, claims, "/kubernetes.io/serviceaccount/name", "\"x\"");
                claims["sub"] = "system:serviceaccount:billing:agent:x";
            }),
            IdentityFailure.ServiceAccountInvalid);

    [Theory]
    [InlineData("https://issuer.example", "azp")]
    [InlineData(EntraV1, "appid")]
    public async Task Entra_ApplicationsTokenOfEitherVersion_IsTheSameAgent(string iss, string client)
    {
        var agent = await Gateway(IssuerKind.Entra).AcceptAsync(_issuer.Token(claims =>
        {
            Entra(claims);
            claims["iss"] = iss;
            claims[client] = "app-1";
        }));

        Assert.Equal("test:33333333-0000-0000-0000-000000000000", agent.Id);
        Assert.Equal(Tenant, agent.Claims["tid"].GetString());
        Assert.Equal("app-1", agent.Claims[client].GetString());
        Assert.Equal("Calls.Make", agent.Claims["roles"][0].GetString());
    }

    [Theory]
    [InlineData("/idtyp", null, nameof(IdentityFailure.NotAnApplication))]
    [InlineData("/idtyp", "\"user\"", nameof(IdentityFailure.NotAnApplication))]
    [InlineData("/idtyp", "\"App\"", nameof(IdentityFailure.NotAnApplication))]
    [InlineData("/idtyp", "[\"app\"]", nameof(IdentityFailure.NotAnApplication))]
    [InlineData("/tid", null, nameof(IdentityFailure.TenantInvalid))]
    [InlineData("/tid", "\"21111111-2222-3333-4444-555555555555\"", nameof(IdentityFailure.TenantInvalid))]
    [InlineData("/tid", "7", nameof(IdentityFailure.TenantInvalid))]
    [InlineData("/appid", "\"app-2\"", nameof(IdentityFailure.ClientInvalid))]
    [InlineData("/appid", "7", nameof(IdentityFailure.ClientInvalid))]
    [InlineData("/iss", "\"https://sts.windows.net/21111111-2222-3333-4444-555555555555/\"", nameof(IdentityFailure.IssuerUnknown))]
    public async Task Entra_PersonOtherTenantOrTwoClients_IsRefused(string path, string? json, string expected) =>
        await Gateway(IssuerKind.Entra).RefuseAsync(
            _issuer.Token(claims =>
            {
                Entra(claims);
                claims["azp"] = "app-1";
                Set(null, claims, path, json);
            }),
            Enum.Parse<IdentityFailure>(expected));

    [Theory]
    [InlineData(null, "test:repository_id:1296269")]
    [InlineData("\"production\"", "test:repository_id:1296269:environment:production")]
    public async Task GitHubActions_JobsToken_IsNamedByImmutableIds(string? environment, string expected)
    {
        var agent = await Gateway(IssuerKind.GitHubActions).AcceptAsync(_issuer.Token(claims => Set(GitHub, claims, "/environment", environment)));

        Assert.Equal(expected, agent.Id);
        Assert.Equal("octo/hello", agent.Claims["repository"].GetString());
        Assert.Equal("refs/heads/main", agent.Claims["ref"].GetString());
    }

    [Theory]
    [InlineData("/repository_id", null, nameof(IdentityFailure.RepositoryInvalid))]
    [InlineData("/repository_id", "1296269", nameof(IdentityFailure.RepositoryInvalid))]
    [InlineData("/repository_id", "\"1296269:environment:production\"", nameof(IdentityFailure.RepositoryInvalid))]
    [InlineData("/repository_owner_id", null, nameof(IdentityFailure.RepositoryInvalid))]
    [InlineData("/repository_owner_id", "\"octo\"", nameof(IdentityFailure.RepositoryInvalid))]
    [InlineData("/repository_owner_id", "\"10\"", nameof(IdentityFailure.RequiredClaimMissing))]
    [InlineData("/environment", "\"\"", nameof(IdentityFailure.AgentIdInvalid))]
    public async Task GitHubActions_OtherOwnerOrNoIds_IsRefused(string path, string? json, string expected) =>
        await Gateway(IssuerKind.GitHubActions).RefuseAsync(_issuer.Token(claims => Set(GitHub, claims, path, json)), Enum.Parse<IdentityFailure>(expected));

    [Fact]
    public async Task Google_ServiceAccountsToken_IsNamedByItsUniqueId()
    {
        var agent = await Gateway(IssuerKind.Google).AcceptAsync(_issuer.Token(Google));

        Assert.Equal("test:112233445566778899001", agent.Id);
        Assert.Equal("agent@project.iam.gserviceaccount.com", agent.Claims["email"].GetString());
    }

    [Theory]
    [InlineData("/email", "\"person@example.com\"")]
    [InlineData("/email", "\"person@gmail.com\"")]
    [InlineData("/email", "\"a@b@project.iam.gserviceaccount.com\"")]
    [InlineData("/email", "\"project.iam.gserviceaccount.com\"")]
    [InlineData("/email", "\"a@gserviceaccount.com.example.com\"")]
    [InlineData("/email", null)]
    [InlineData("/email_verified", "false")]
    [InlineData("/email_verified", "\"true\"")]
    [InlineData("/email_verified", null)]
    [InlineData("/sub", "\"agent\"")]
    public async Task Google_PersonOrUnverifiedAddress_IsRefused(string path, string? json) =>
        await Gateway(IssuerKind.Google).RefuseAsync(_issuer.Token(claims => Set(Google, claims, path, json)), IdentityFailure.NotAServiceAccount);

    [Theory]
    [InlineData(nameof(IssuerKind.Kubernetes), 86_400)]
    [InlineData(nameof(IssuerKind.Entra), 104_400)]
    [InlineData(nameof(IssuerKind.GitHubActions), 3_600)]
    [InlineData(nameof(IssuerKind.Google), 3_600)]
    public async Task Kind_GreatestLife_IsAcceptedAndASecondMoreIsNot(string name, int seconds)
    {
        var kind = Enum.Parse<IssuerKind>(name);
        var gateway = Gateway(kind);
        var start = TestClock.Start.ToUnixTimeSeconds();

        await gateway.AcceptAsync(_issuer.Token(claims => Good(kind, claims)["exp"] = start + seconds));
        await gateway.RefuseAsync(_issuer.Token(claims => Good(kind, claims)["exp"] = start + seconds + 1), IdentityFailure.LifetimeTooLong);
        await gateway.RefuseAsync(_issuer.Token(claims => Good(kind, claims).Remove("iat")), IdentityFailure.LifetimeTooLong);
    }

    [Fact]
    public async Task Oidc_RequiredClaimsAndTemplate_AreAppliedToo()
    {
        var gateway = new TestGateway(_issuer, definition => definition with
        {
            RequiredClaims = [new RequiredClaim(ClaimPath.Of("/org/id"), ["1"]), new RequiredClaim(ClaimPath.Of("groups"), ["agents"])],
            AgentId = AgentIdTemplate.Parse("{/org/id}/{sub}"),
        });

        var agent = await gateway.AcceptAsync(_issuer.Token(Tight));
        Assert.Equal("test:1/agent", agent.Id);
        await gateway.RefuseAsync(_issuer.Token(claims => Set(Tight, claims, "/org/id", "2")), IdentityFailure.RequiredClaimMissing);
        await gateway.RefuseAsync(_issuer.Token(claims => Set(Tight, claims, "/groups", "[\"people\"]")), IdentityFailure.RequiredClaimMissing);
        await gateway.RefuseAsync(_issuer.Token(), IdentityFailure.RequiredClaimMissing);

        static void Tight(JsonObject claims)
        {
            claims["org"] = new JsonObject { ["id"] = 1 };
            claims["groups"] = new JsonArray("people", "agents");
        }
    }

    [Fact]
    public void Profile_OfEachKind_NamesAgentsByWhatIdentifiesThem() =>
        Assert.All(Enum.GetValues<IssuerKind>(), kind => Assert.True(IssuerProfile.Of(kind).Identifies(IssuerProfile.Of(kind).AgentId)));

    private TestGateway Gateway(IssuerKind kind) => new(_issuer, definition => definition with
    {
        Kind = kind,
        Tenant = kind == IssuerKind.Entra ? Tenant : null,
        OtherIssuers = kind == IssuerKind.Entra ? [EntraV1] : [],
        MaxLifetime = IssuerProfile.Of(kind).MaxLifetime,
        AgentId = IssuerProfile.Of(kind).AgentId,
        Claims = IssuerProfile.Of(kind).Claims,
        RequiredClaims = kind == IssuerKind.GitHubActions ? [new RequiredClaim(ClaimPath.Of("repository_owner_id"), ["9919"])] : [],
    });

    private static JsonObject Good(IssuerKind kind, JsonObject claims)
    {
        Action<JsonObject> fill = kind switch
        {
            IssuerKind.Kubernetes => Kubernetes,
            IssuerKind.Entra => Entra,
            IssuerKind.GitHubActions => GitHub,
            _ => Google,
        };
        fill(claims);
        return claims;
    }

    private static void Kubernetes(JsonObject claims)
    {
        claims["sub"] = "system:serviceaccount:billing:agent";
        claims["kubernetes.io"] = JsonNode.Parse("""
            {
              "namespace": "billing",
              "serviceaccount": { "name": "agent", "uid": "u-1" },
              "pod": { "name": "agent-7f", "uid": "u-2" },
              "node": { "name": "node-1", "uid": "u-3" }
            }
            """);
    }

    private static void Entra(JsonObject claims)
    {
        claims["sub"] = "33333333-0000-0000-0000-000000000000";
        claims["oid"] = "33333333-0000-0000-0000-000000000000";
        claims["tid"] = Tenant;
        claims["idtyp"] = "app";
        claims["roles"] = new JsonArray("Calls.Make");
    }

    private static void GitHub(JsonObject claims)
    {
        claims["sub"] = "repo:octo/hello:ref:refs/heads/main";
        claims["repository"] = "octo/hello";
        claims["repository_id"] = "1296269";
        claims["repository_owner_id"] = "9919";
        claims["ref"] = "refs/heads/main";
    }

    private static void Google(JsonObject claims)
    {
        claims["sub"] = "112233445566778899001";
        claims["azp"] = "112233445566778899001";
        claims["email"] = "agent@project.iam.gserviceaccount.com";
        claims["email_verified"] = true;
    }

    /// <summary>Fills the claims, then sets one of them, or removes it where there is no JSON.</summary>
    private static void Set(Action<JsonObject>? fill, JsonObject claims, string path, string? json)
    {
        fill?.Invoke(claims);
        var names = path[1..].Split('/');
        var parent = names[..^1].Aggregate(claims, (node, name) => node[name]!.AsObject());
        parent.Remove(names[^1]);
        if (json is not null)
        {
            parent[names[^1]] = JsonSerializer.Deserialize<JsonNode>(json);
        }
    }
}
