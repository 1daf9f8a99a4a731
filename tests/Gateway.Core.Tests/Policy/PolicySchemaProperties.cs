using System.Net;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Cedar;
using Gateway.Core.Identity;
using Gateway.Core.Policy;

namespace Gateway.Core.Tests.Policy;

/// <summary>The schema says the truth about what the engine hands to policies, whatever is configured.</summary>
public sealed class PolicySchemaProperties(ITestOutputHelper output)
{
    private static readonly string[] Names = ["a", "b", "c d", "in", "__cedar", "has", "ü\"\\", "x-y", "environment", "9", "true", "Context1", "*"];
    private static readonly string[] ToolNames = ["github", "Request", "1", "a.b", "a-b"];
    private static readonly string[] OperationNames = ["get", "issues.create", "a/b", "x"];
    private static readonly string[] Methods = ["GET", "POST", "PATCH", "PROPFIND"];
    private static readonly string[] Parameters = ["owner", "repo", "if", "_", "like"];

    [Fact]
    public void Create_AnyConfiguration_DescribesWhatTheEngineAsks()
    {
        var seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"Seed: {seed}");
        var (tried, asked) = (0, 0);
        foreach (var vocabulary in Generator().Sample(200, new Rnd(seed), 20))
        {
            tried++;
            var schema = PolicySchema.Create(vocabulary, PolicySet.Empty);
            Assert.Equal(schema.Schema.ToJson(), CedarSchema.ParseJson(schema.Schema.ToJson()).GetValueOrThrow().ToJson());
            var engine = new CedarPolicyEngine(PolicyFiles.Parse([]), vocabulary.Tools, vocabulary.Agents);
            Assert.All(vocabulary.Tools, tool => Assert.Null(schema.Schema.FindMistake(PolicyEntities.Define(tool))));
            Assert.All(new ActionVocabulary(vocabulary.Tools).Definitions, action => Assert.Null(schema.Schema.FindMistake(action)));
            foreach (var request in Requests(vocabulary, schema))
            {
                asked++;
                Assert.Null(schema.Schema.FindMistake(engine.Define(request.Agent)));
                Assert.True(engine.TryAsk(request, out var question, out _));
                Assert.Null(schema.Schema.FindMistake(question));
            }
        }

        output.WriteLine($"{tried} configurations, {asked} requests");
        Assert.Equal(200, tried);
        Assert.True(asked > 1000, $"Only {asked} requests were tried.");
    }

    private static IEnumerable<AuthorizationRequest> Requests(PolicyVocabulary vocabulary, PolicySchema schema)
    {
        foreach (var action in new ActionVocabulary(vocabulary.Tools).Callable.Where(action => action.CanOccur))
        {
            foreach (var id in vocabulary.Agents.Keys.Append("corp:stranger"))
            {
                yield return new AuthorizationRequest
                {
                    Agent = Agent(id, schema.ClaimTypes),
                    Tool = action.Tool,
                    Operation = action.Operation.Name,
                    Method = action.Operation.Method,
                    Path = "/x",
                    Query = "",
                    ContentType = id.Length % 2 == 0 ? "text/plain" : null,
                    SourceIp = id.Length % 2 == 0 ? IPAddress.IPv6Loopback : IPAddress.Loopback,
                    Parameters = [.. action.Operation.Parameters.Select(name => KeyValuePair.Create(name, "v"))],
                    Intent = id.Length % 2 == 0 ? "to test" : null,
                    Task = id.Length % 2 == 0 ? new TaskFacts("t", "to test", null, 0, 1, TimeSpan.FromMinutes(1)) : null,
                    History = id.Length % 2 == 0 ? new HistoryFacts(1, 2, 3, [action.Tool]) : null,
                    Now = DateTimeOffset.UnixEpoch,
                };
            }
        }
    }

    private static AgentIdentity Agent(string id, IReadOnlyDictionary<string, string> claimTypes) => new()
    {
        Id = id,
        Issuer = "corp",
        Method = "jwt",
        Claims = claimTypes.ToDictionary(claim => claim.Key, claim => JsonDocument.Parse(ValueOf(claim.Value)).RootElement),
        ExpiresAt = DateTimeOffset.UnixEpoch,
        TokenId = "t",
    };

    private static string ValueOf(string type) => type switch
    {
        "String" => "\"x\"",
        "Long" => "7",
        "Bool" => "true",
        "Set<String>" => "[\"a\", \"b\"]",
        _ => """{"namespace":"n","serviceaccount":{"name":"s","uid":"u"},"pod":{"name":"p","uid":"u"},"node":{"name":"n"},"warnafter":1}""",
    };

    private static Gen<PolicyVocabulary> Generator() =>
        from tools in Gen.SubListOf(ToolNames).SelectMany(names => Gen.CollectToList(names, Tool))
        from agents in Gen.SubListOf("corp:a", "corp:bc", "spiffe://td/x").SelectMany(ids => Gen.CollectToList(ids, Agent))
        from claims in Gen.SubListOf([.. Names, "groups", "email_verified", "exp", "kubernetes.io"])
        select new PolicyVocabulary { Tools = [.. tools], Agents = agents.ToDictionary(), Claims = [.. claims] };

    private static Gen<ToolVocabulary> Tool(string name) =>
        from labels in Labels()
        from groups in Gen.SubListOf(Names)
        from operations in Gen.SubListOf(OperationNames).SelectMany(names => Gen.CollectToList(names, Operation))
        from onlyOperations in Gen.Elements(true, false)
        from otherMethods in Gen.SubListOf("PROPFIND", "M-SEARCH")
        select new ToolVocabulary(name, "host", [.. groups], labels, [.. operations]) { OnlyOperations = onlyOperations, OtherMethods = [.. otherMethods] };

    private static Gen<OperationVocabulary> Operation(string name) =>
        from method in Gen.Elements(Methods)
        from parameters in Gen.SubListOf(Parameters)
        select new OperationVocabulary(name, method, [.. parameters]);

    private static Gen<KeyValuePair<string, AgentRegistration>> Agent(string id) =>
        from labels in Labels()
        from groups in Gen.SubListOf(Names)
        select KeyValuePair.Create(id, new AgentRegistration([.. groups], labels));

    private static Gen<Dictionary<string, string>> Labels() => Gen.SubListOf(Names).Select(names => names.ToDictionary(name => name, _ => "v"));
}
