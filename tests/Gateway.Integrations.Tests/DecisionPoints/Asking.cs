using System.Net;
using System.Text.Json;
using Gateway.Core.Credentials;
using Gateway.Core.Identity;
using Gateway.Core.Policy;
using Gateway.Integrations.AuthZen;
using Gateway.Integrations.DecisionPoints;
using Gateway.Integrations.Opa;
using Gateway.Integrations.Tests.OAuth2;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.DecisionPoints;

/// <summary>Decision points as the gateway would set them up, and a request to put to them.</summary>
internal sealed class Asking : IDisposable
{
    public const string Call = "0198f0a0-0000-7000-8000-000000000001";

    private readonly DecisionPointClient _client = new();

    public static AuthorizationRequest Request { get; } = new()
    {
        CallId = Call,
        Agent = new AgentIdentity
        {
            Id = "corp:billing",
            Issuer = "corp",
            Method = "jwt",
            ExpiresAt = DateTimeOffset.UnixEpoch,
            TokenId = "sha256:0011223344556677",
            Claims = new Dictionary<string, JsonElement> { ["department"] = JsonSerializer.SerializeToElement("finance") },
        },
        Tool = "orders",
        Operation = "orders.get",
        Method = "GET",
        Path = "/v1/orders/42",
        Query = "open=true",
        SourceIp = IPAddress.Parse("10.8.3.17"),
        Parameters = [new("id", "42")],
        Intent = "look up an order",
        Now = DateTimeOffset.UnixEpoch,
    };

    public static VocabularyWriter Vocabulary { get; } = new(
        [new ToolVocabulary("orders", "orders.example", ["sales"], new Dictionary<string, string> { ["sensitivity"] = "internal" }, [])],
        new Dictionary<string, AgentRegistration>
        {
            ["corp:billing"] = new(["finance"], new Dictionary<string, string> { ["environment"] = "prod" }),
        });

    public ILogger<DecisionPoint> Logger { get; init; } = Microsoft.Extensions.Logging.Abstractions.NullLogger<DecisionPoint>.Instance;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public ISecretSource Secrets { get; init; } = new FixedSecret("pdp-token");

    public SecretReference? Token { get; init; }

    public DecisionPoint Point(Uri endpoint) =>
        new(new DecisionPointSettings(endpoint, TimeSpan.FromSeconds(2), Token), _client, Secrets, Clock, Logger);

    public OpaPolicyEngine Opa(string url) => new(Point(OpaPolicyEngine.Endpoint(url, "gateway/allow")), "gateway/allow", Vocabulary);

    public AuthZenPolicyEngine AuthZen(string url) => new(Point(AuthZenPolicyEngine.Endpoint(url)), Vocabulary);

    public void Dispose() => _client.Dispose();
}
