using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Configuration;

/// <summary>A secret may have been pasted anywhere; no message may repeat it.</summary>
public sealed class ConfigurationCanaryTests : IDisposable
{
    private const string Canary = "sk-canary-7f3a9";

    private readonly ConfigurationFolder _folder = new() { CheckReachability = true };

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Values =>
    [
        JsonSerializer.Serialize(Canary),
        JsonSerializer.Serialize($"https://user:{Canary}@example.com/{Canary}?{Canary}#{Canary}"),
        JsonSerializer.Serialize($"https://{Canary}.example"),
        JsonSerializer.Serialize($"secret:{Canary} {Canary}"),
        JsonSerializer.Serialize($"env:{Canary}"),
        JsonSerializer.Serialize($"file:{Canary}"),
        JsonSerializer.Serialize($"vault:{Canary}"),
        JsonSerializer.Serialize($"transit:{Canary} {Canary}"),
        JsonSerializer.Serialize($"Bearer {Canary} {{{Canary}}}"),
        JsonSerializer.Serialize($"GET /{Canary}/{{{Canary}}}/{{{Canary}}}"),
        JsonSerializer.Serialize($"{Canary}\r\n\u0000"),
        $"[\"{Canary}\"]",
        $"[[\"{Canary}\"]]",
        $"{{ \"Key\": \"{Canary}\" }}",
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Load_SecretInPlaceOfAnyValue_IsInNoMessage(string json)
    {
        var places = 0;
        foreach (var path in Places(JsonNode.Parse(Full)!))
        {
            var root = JsonNode.Parse(Full)!;
            Replace(root, path, JsonNode.Parse(json));
            var result = _folder.Load(root.ToJsonString());

            places++;
            Assert.All(result.Errors.Concat(result.Warnings), error => Assert.DoesNotContain(Canary, error.Message, StringComparison.OrdinalIgnoreCase));
            Assert.All(result.Errors.Concat(result.Warnings), error => Assert.DoesNotContain(Canary, error.Key, StringComparison.OrdinalIgnoreCase));
        }

        Assert.True(places > 60, $"only {places} places were tried");
    }

    [Fact]
    public void Load_SecretInAnOverride_IsInNoMessage()
    {
        _folder.Environment["Gateway__Credentials__key__Value"] = Canary;
        _folder.CommandLine.Add($"--Gateway:Tools:github:Credential={Canary}");

        var result = _folder.Load(ConfigurationFolder.Minimal);

        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.DoesNotContain(Canary, error.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    internal static string Full => """
        {
          "Gateway": {
            "DataDirectory": "data",
            "Listeners": {
              "Agents": [ { "Url": "https://127.0.0.1:8443", "Certificate": "a.pem", "Key": "a.key",
                            "ClientCertificate": "Accept", "ExternalUrls": ["https://gateway.example/base"] },
                          { "Url": "unix:agents.sock", "Mode": "0600", "Group": "0" } ],
              "Admin": { "Url": "http://127.0.0.1:8082" }
            },
            "Identity": {
              "Issuers": {
                "dev": { "Kind": "Oidc", "Issuer": "https://idp.example", "Audiences": ["other"], "JwksUri": "https://idp.example/keys", "Algorithms": ["ES384"],
                         "TokenTypes": ["JWT"], "ClockSkew": "00:00:01", "ProofOfPossession": "DPoP", "MaxLifetime": "00:15:00", "MaxKeyAge": "02:00:00", "RefreshInterval": "00:01:00", "Claims": ["env"],
                         "RequiredClaims": { "env": ["prod"], "https://example.com/role": [], "/org/id": ["1"] }, "AgentId": "{/org/id}/{sub}[:{env}]" },
                "cluster": { "Kind": "Kubernetes", "Issuer": "https://kubernetes.default.svc", "Audiences": ["other"], "TokenReview": true, "TokenReviewCache": "00:00:10",
                             "TokenReviewTimeout": "00:00:01", "ApiServer": "https://10.0.0.1:6443", "CaFile": "ca.pem", "ApiServerToken": "file:token" },
                "entra": { "Kind": "Entra", "Tenant": "11111111-2222-3333-4444-555555555555", "Audiences": ["other"] },
                "github": { "Kind": "GitHubActions", "Audiences": ["other"], "RequiredClaims": { "repository_owner_id": ["1"] } },
                "google": { "Kind": "Google", "Audiences": ["other"] },
                "file": { "Issuer": "x", "Audiences": ["other"], "JwksFile": "policies/all.cedar" }
              },
              "UnixPeers": { "batch": { "AgentId": "spiffe://example.org/agent/batch", "User": "0", "Group": "0", "Executable": "/usr/bin/batch", "Cgroup": "/system.slice/batch.service",
                             "ExecutableSha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "ContainerId": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } },
              "TrustDomains": {
                "example.org": { "BundleFile": "policies/all.cedar", "Audiences": ["other"], "MaxLifetime": "00:01:00", "ClockSkew": "00:00:01", "RefreshInterval": "00:00:10", "MaxBundleAge": "02:00:00",
                                 "BundleEndpoint": { "Url": "https://spire.example.org", "Profile": "https_spiffe", "SpiffeId": "spiffe://example.org/spire/server" } },
                "web.example": { "BundleEndpoint": { "Url": "https://spire.example", "Profile": "https_web", "CaFile": "a.pem" } }
              },
              "Dpop": { "Nonce": "Required", "ProofLifetime": "00:01:00", "ClockSkew": "00:00:05", "Algorithms": ["ES256"] },
              "Agents": { "dev:alice": { "Groups": ["a"], "Labels": { "environment": "prod" }, "Owner": "us", "NotAfter": "2027-01-31" } },
              "ClaimTypes": { "env": "Set<String>" },
              "RegisteredOnly": true
            },
            "Policy": { "Engine": "Cedar", "Mode": "Observe", "Directory": "policies/../policies",
                        "Opa": { "Url": "https://opa.example", "Path": "gateway/allow", "Timeout": "00:00:01", "Token": "secret:opa" },
                        "AuthZen": { "Url": "https://pdp.example", "Timeout": "00:00:01", "Token": "secret:pdp" } },
            "Tools": {
              "github": { "Path": "/github", "Upstream": "https://api.github.com", "Credential": "key", "Groups": ["scm"], "Labels": { "a": "b" },
                          "Operations": { "issues.create": "POST /repos/{owner}/{repo}/issues" }, "OnlyOperations": true, "PropagateTrace": false, "Canary": true, "LoggedQuery": ["page"], "LoggedHeaders": ["X-Request-Reason"], "Tasks": { "Required": true }, "AllowAddresses": ["10.0.0.0/8"],
                          "LoadBalancing": "Random", "Timeout": "00:00:05",
                          "HealthCheck": { "Active": { "Enabled": false, "Interval": "00:00:05", "Timeout": "00:00:05", "Policy": "ConsecutiveFailures", "Path": "/h" },
                                           "Passive": { "Enabled": false, "Policy": "TransportFailureRate", "ReactivationPeriod": "00:00:05" },
                                           "AvailableDestinationsPolicy": "HealthyOrPanic" } },
              "two": { "Path": "/two", "Credential": "oauth", "Destinations": { "a": { "Address": "https://a.example", "Health": "https://a.example:1" } } }
            },
            "Credentials": {
              "key": { "Type": "Static", "Value": "secret:key", "Owner": "us", "NotAfter": "2027-01-31", "Lifetime": "00:01:00",
                       "Inject": [ { "Header": "X-Api-Key", "Value": "{value}" }, { "Basic": { "User": "u", "Password": "{value}" } } ] },
              "oauth": { "Type": "OAuth2ClientCredentials", "TokenEndpoint": "https://idp.example/token", "ClientId": "gw", "ClientSecret": "secret:oauth", "Scope": "read",
                         "Resource": "urn:x", "Audience": "y", "ClientAuthentication": "Post", "RevocationEndpoint": "https://idp.example/revoke", "Owner": "them", "NotAfter": "2027-06-30", "Lifetime": "00:01:00",
                         "Inject": [ { "Header": "X-Token", "Value": "{access_token}" } ] },
              "vault": { "Type": "Vault", "Path": "crm/creds/agent", "Method": "POST", "Parameters": { "ttl": "10m", "count": 3, "flag": true, "list": [ "a", { "b": 1 } ] },
                         "Revocable": false, "Owner": "us", "NotAfter": "2027-01-31", "Lifetime": "00:01:00",
                         "Inject": [ { "Basic": { "User": "{username}", "Password": "{password}" } } ] },
              "kept": { "Type": "Static", "Value": "vault:secret/crm#api_key", "Owner": "us", "NotAfter": "2027-01-31" }
            },
            "Vault": { "Address": "https://vault:8200", "StandbyAddresses": ["https://vault-2:8200"], "Namespace": "team/agents", "CaFile": "a.pem", "Timeout": "00:00:10",
                       "TokenRole": "tasks", "TokenPolicies": ["agents"],
                       "Auth": { "Method": "AppRole", "Mount": "approle/gateway", "RoleId": "gateway", "SecretId": "file:secret-id", "SecretIdWrapped": true } },
            "State": { "Provider": "Embedded", "Retention": "10.00:00:00" },
            "Tasks": { "Required": true, "DefaultLifetime": "00:10:00", "MaxLifetime": "00:30:00", "IdleTimeout": "00:05:00", "EndWithLastCall": true, "MaxDelegationDepth": 2, "MaxPerHour": 500, "Grace": "00:00:05",
                       "DenialLimit": { "Count": 3, "Window": "00:01:00" },
                       "TransactionTokens": { "Issuers": { "tts": { "Issuer": "https://tts.example", "Audiences": ["example.org"] } } } },
            "Admin": { "Issuers": { "ops": { "Issuer": "https://ops.example", "Audiences": ["gateway-admin"] } }, "RoleClaim": "groups" },
            "Audit": { "Instance": "gw-1", "Alerts": { "Window": "00:01:00", "MaxPerMinute": 10, "DenialsPerMinute": 10 }, "Directory": "log", "Durability": "Fsync", "SegmentBytes": 1048576, "SegmentAge": "01:00:00", "Retention": "90.00:00:00", "SigningKey": "transit:team/transit/audit", "Otlp": true,
                       "Sinks": {
                         "collector": { "Type": "Otlp", "Endpoint": "https://collector:4318/v1/logs", "Protocol": "HttpJson", "Compress": true, "Headers": { "X-Api-Key": "secret:collector" },
                                        "BatchRecords": 500, "BatchBytes": 65536, "Interval": "00:00:02", "Timeout": "00:00:05", "CaFile": "a.pem", "Certificate": "a.pem", "Key": "a.key" },
                         "siem": { "Type": "Syslog", "Host": "siem.example", "Port": 601, "Facility": 16, "HostName": "gw-1", "AppName": "gw", "ResendWindow": "00:00:30",
                                   "BatchRecords": 500, "BatchBytes": 65536, "Interval": "00:00:02", "Timeout": "00:00:05", "CaFile": "a.pem", "Certificate": "a.pem", "Key": "a.key" },
                         "splunk": { "Type": "Webhook", "Url": "https://splunk.example:8088/services/collector/event?channel=1", "Format": "SplunkHec", "Header": "X-Token", "Scheme": "Splunk", "Value": "secret:splunk", "Compress": true,
                                     "BatchRecords": 500, "BatchBytes": 65536, "Interval": "00:00:02", "Timeout": "00:00:05", "CaFile": "a.pem", "Certificate": "a.pem", "Key": "a.key" } },
                       "Index": { "Provider": "PostgreSql", "ConnectionString": "secret:index" } },
            "Telemetry": { "Otlp": true }
          }
        }
        """;

    private static IEnumerable<string[]> Places(JsonNode node) => node switch
    {
        JsonObject table => table.SelectMany(pair => Below(pair.Key, pair.Value!)),
        JsonArray list => list.SelectMany((item, index) => Below(index.ToString(), item!)),
        _ => [[]],
    };

    private static IEnumerable<string[]> Below(string name, JsonNode node) =>
        (node is JsonValue ? [] : new[] { new[] { name } }).Concat(Places(node).Select(rest => (string[])[name, .. rest]));

    private static void Replace(JsonNode root, string[] path, JsonNode? value)
    {
        var node = path[..^1].Aggregate(root, (current, name) => current is JsonArray list ? list[int.Parse(name)]! : current[name]!);
        if (node is JsonArray array)
        {
            array[int.Parse(path[^1])] = value;
        }
        else
        {
            node[path[^1]] = value;
        }
    }
}
