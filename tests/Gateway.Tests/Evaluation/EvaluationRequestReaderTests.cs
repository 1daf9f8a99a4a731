using FsCheck.Fluent;
using Gateway.Core.Policy;
using Gateway.Evaluation;

namespace Gateway.Tests.Evaluation;

public sealed class EvaluationRequestReaderTests
{
    private const string Usual = """{ "agent": "corp:bot", "tool": "github", "operation": "repos.get", "params": { "owner": "a b", "repo": "ü" } }""";

    [Fact]
    public void Read_Operation_IsTheRequestThatItStandsFor()
    {
        var request = Read(Usual);

        Assert.Equal(("corp:bot", "corp", "jwt"), (request.Agent.Id, request.Agent.Issuer, request.Agent.Method));
        Assert.Equal(("github", "repos.get", "GET", "/repos/a b/ü", ""), (request.Tool, request.Operation, request.Method, request.Path, request.Query));
        Assert.Equal([new("owner", "a b"), new("repo", "ü")], request.Parameters);
        Assert.Equal((Questions.Now, 0L, (string?)null), (request.Now, request.ContentLength, request.ContentType));
    }

    [Fact]
    public void Read_EveryMember_ReachesPolicy()
    {
        var request = Read("""
            { "agent": { "id": "spiffe://td.example/bot", "method": "x509-svid", "proofOfPossession": true }, "tool": "github", "method": "POST", "path": "/repos/a%20b",
              "query": "q=1", "contentType": "application/json", "contentLength": 12, "sourceIp": "10.0.0.7", "intent": "to test", "now": "2026-05-01T00:00:00+02:00" }
            """);

        Assert.Equal(("td.example", "x509-svid", true), (request.Agent.Issuer, request.Agent.Method, request.Agent.ProofOfPossession));
        Assert.Equal(("POST", "POST", "/repos/a b", "q=1"), (request.Operation, request.Method, request.Path, request.Query));
        Assert.Equal(("application/json", 12L, "10.0.0.7", "to test"), (request.ContentType, request.ContentLength, request.SourceIp.ToString(), request.Intent));
        Assert.Equal(new DateTimeOffset(2026, 4, 30, 22, 0, 0, TimeSpan.Zero), request.Now);
    }

    [Fact]
    public void Read_MethodAndPath_IsRoutedLikeACall()
    {
        var request = Read("""{ "agent": { "id": "corp:bot", "claims": { "groups": ["ops"] } }, "tool": "github", "method": "GET", "path": "/repos/o/r/contents/a/b.txt?ref=x" }""");

        Assert.Equal(("contents.get", "ref=x"), (request.Operation, request.Query));
        Assert.Equal([new("owner", "o"), new("repo", "r"), new("file", "a/b.txt")], request.Parameters);
        Assert.True(request.Agent.Claims.ContainsKey("groups"));
    }

    [Theory]
    [InlineData("""{ "id": "cluster:system:serviceaccount:a:b", "claims": { "kubernetes.io": { "namespace": "a" }, "team": "x" } }""", "cluster", "jwt")]
    [InlineData("\"unix:billing\"", "unix", "unix-peer")]
    [InlineData("""{ "id": "unix:billing", "method": "unix-peer", "issuer": "unix", "claims": { "uid": 7, "gid": 7, "executable": "/bin/x", "executableSha256": "a", "cgroup": "/", "containerId": "c" } }""", "unix", "unix-peer")]
    [InlineData("""{ "id": "spiffe://td.example/reporter", "claims": { "uid": 1 } }""", "unix", "unix-peer")]
    [InlineData("\"spiffe://known.example/reporter\"", "known.example", "jwt-svid")]
    [InlineData("""{ "id": "spiffe://known.example/reporter", "method": "unix-peer", "claims": { "uid": 2 } }""", "unix", "unix-peer")]
    [InlineData("""{ "id": "spiffe://known.example/reporter", "method": "x509-svid", "issuer": "known.example" }""", "known.example", "x509-svid")]
    public void Read_AgentThatTheGatewayAccepts_IsWhatItIsAtRunTime(string agent, string issuer, string method)
    {
        var request = Read($$"""{ "agent": {{agent}}, "tool": "github", "method": "GET", "path": "/" }""");

        Assert.Equal((issuer, method), (request.Agent.Issuer, request.Agent.Method));
    }

    [Fact]
    public void Read_TaskAndHistory_ReachPolicy()
    {
        var request = Read("""
            { "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/",
              "task": { "id": "t1", "purpose": "report", "user": "ann", "depth": 2, "calls": 7, "remaining": "15m" },
              "history": { "callsLastMinute": 1, "callsLastHour": 20, "deniedLastHour": 3, "toolsLastHour": ["github", "crm"] } }
            """);

        Assert.Equal(new TaskFacts("t1", "report", "ann", 2, 7, TimeSpan.FromMinutes(15)), request.Task);
        Assert.Equal((1, 20, 3), (request.History!.CallsLastMinute, request.History.CallsLastHour, request.History.DeniedLastHour));
        Assert.Equal(["github", "crm"], request.History.ToolsLastHour);
    }

    [Fact]
    public void Read_TaskAndHistoryInShort_HaveDefaults()
    {
        var request = Read("""
            { "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": { "id": "t1", "purpose": "report", "remaining": 90 }, "history": { "callsLastMinute": 4 } }
            """);

        Assert.Equal(new TaskFacts("t1", "report", null, 0, 0, TimeSpan.FromSeconds(90)), request.Task);
        Assert.Equal((4, 4, 0, 0), (request.History!.CallsLastMinute, request.History.CallsLastHour, request.History.DeniedLastHour, request.History.ToolsLastHour.Count));
    }

    [Theory]
    [InlineData("""[]""", "must be a JSON object")]
    [InlineData("""{""", "is not JSON")]
    [InlineData("""{ "tool": "github", "tool": "github" }""", "is not JSON")]
    [InlineData("""{ "agent": { "id": "corp:bot", "claims": { "groups": ["\ud800"] } }, "tool": "github", "method": "GET", "path": "/" }""", "not Unicode")]
    [InlineData("""{ "tool": "github", "operation": "repos.get", "params": { "owner": "a", "repo": "b" } }""", "agent is required")]
    [InlineData("""{ "agent": "bot", "tool": "github", "method": "GET", "path": "/" }""", "agent must be an agent id")]
    [InlineData("""{ "agent": "crop:bot", "tool": "github", "method": "GET", "path": "/" }""", "agent begins with the name of no entry of Gateway:Identity:Issuers; did you mean corp?")]
    [InlineData("""{ "agent": { "id": "corp:bot", "clams": {} }, "tool": "github", "method": "GET", "path": "/" }""", "agent.clams is not a known member; did you mean claims?")]
    [InlineData("""{ "agent": { "id": "corp:bot", "claims": { "email": "a" } }, "tool": "github", "method": "GET", "path": "/" }""", "agent.claims.email is hidden from policy")]
    [InlineData("""{ "agent": { "id": "corp:bot", "issuer": "other" }, "tool": "github", "method": "GET", "path": "/" }""", "agent.issuer must be corp, who vouches for the agent")]
    [InlineData("""{ "agent": { "id": "corp:bot", "method": "token" }, "tool": "github", "method": "GET", "path": "/" }""", "agent.method must be")]
    [InlineData("""{ "agent": { "id": "corp:bot", "proofOfPossession": 1 }, "tool": "github", "method": "GET", "path": "/" }""", "agent.proofOfPossession must be true or false")]
    [InlineData("""{ "agent": { "id": "cluster:a", "claims": { "groups": [] } }, "tool": "github", "method": "GET", "path": "/" }""", "agent.claims.groups is hidden from policy: Gateway:Identity:Issuers:cluster:Claims")]
    [InlineData("""{ "agent": "unix:biling", "tool": "github", "method": "GET", "path": "/" }""", "agent is the id of no entry of Gateway:Identity:UnixPeers; did you mean unix:billing?")]
    [InlineData("""{ "agent": { "id": "corp:bot", "method": "unix-peer" }, "tool": "github", "method": "GET", "path": "/" }""", "agent.id is the id of no entry of Gateway:Identity:UnixPeers")]
    [InlineData("""{ "agent": { "id": "unix:billing", "method": "jwt" }, "tool": "github", "method": "GET", "path": "/" }""", "agent.method must be \"unix-peer\"")]
    [InlineData("""{ "agent": { "id": "unix:billing", "issuer": "corp" }, "tool": "github", "method": "GET", "path": "/" }""", "agent.issuer must be unix")]
    [InlineData("""{ "agent": { "id": "unix:billing", "claims": { "cgruop": "/" } }, "tool": "github", "method": "GET", "path": "/" }""", "agent.claims.cgruop is none that the agents of Gateway:Identity:UnixPeers have; did you mean cgroup?")]
    [InlineData("""{ "agent": { "id": "spiffe://known.example/x", "claims": { "uid": 1 } }, "tool": "github", "method": "GET", "path": "/" }""", "agent.claims.uid is hidden from policy: it sees no claims of SVIDs")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": "t1" }""", "task must be an object")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": { "purpose": "x", "remaining": 1 } }""", "task.id is required")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": { "id": "t", "remaining": 1 } }""", "task.purpose is required")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": { "id": "t", "purpose": "x" } }""", "task.remaining is required")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": { "id": "t", "purpose": "x", "remaining": "soon" } }""", "task.remaining must be a span of time")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": { "id": "t", "purpose": "x", "remaining": -1 } }""", "task.remaining must not be negative")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": { "id": "t", "purpose": "x", "remaining": 1, "depth": -1 } }""", "task.depth must be a whole number from 0 on")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "task": { "id": "t", "purpose": "x", "remaining": 1, "usr": "a" } }""", "task.usr is not a known member; did you mean user?")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "history": { "callsLastMinute": 5, "callsLastHour": 4 } }""", "history.callsLastHour must not be less than callsLastMinute")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "history": { "deniedLastHour": 4294967296 } }""", "history.deniedLastHour must be a whole number from 0 on")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "history": { "toolsLastHour": "crm" } }""", "history.toolsLastHour must be a list of texts")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "history": { "calls": 1 } }""", "history.calls is not a known member")]
    [InlineData("""{ "agent": "corp:bot", "tool": "gihub", "method": "GET", "path": "/" }""", "tool names no entry of Gateway:Tools; did you mean github?")]
    [InlineData("""{ "agent": "corp:bot", "method": "GET", "path": "/" }""", "tool is required")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github" }""", "operation is required, unless there are method and path")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "operation": "repo.get" }""", "operation names no operation of the tool; did you mean repos.get?")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "operation": "GET" }""", "write method and path for a request that matches none")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "operation": "repos.get", "path": "/x" }""", "path cannot stand beside operation")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "operation": "repos.get", "params": { "owner": "a" } }""", "params.repo is required, as a text: the operation is GET /repos/{owner}/{repo}.")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "operation": "repos.get", "params": { "owner": "a", "repo": "b", "ref": "c" } }""", "params.ref is no parameter")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "operation": "repos.get", "params": { "owner": "a", "repo": "../x" } }""", "params is refused before policy is asked")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "operation": "report.get", "params": { "id": "1" } }""", "params make another request of it: GET /reports/r-1.json is report.first.")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/a", "params": {} }""", "params cannot stand beside path")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "get", "path": "/a" }""", "method is refused before policy is asked: Methods are written in capitals.")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/a/../b" }""", "path is refused before policy is asked")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/REPOS/a/b" }""", "path is refused before policy is asked")]
    [InlineData("""{ "agent": "corp:bot", "tool": "closed", "method": "GET", "path": "/b" }""", "operation_unknown")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "now": "2027-01-31T09:30:00" }""", "now must be a time with its offset")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "sourceIp": "10.1" }""", "sourceIp must be an IP address")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "contentLength": 1.5 }""", "contentLength must be a whole number")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "contentLength": -2 }""", "contentLength must be a number of bytes")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "intent": "a\u0000" }""", "intent must hold no control characters")]
    [InlineData("""{ "agent": "corp:bot", "tool": "github", "method": "GET", "path": "/", "intnt": "a" }""", "intnt is not a known member; did you mean intent?")]
    public void Read_Mistake_IsNamedAlone(string json, string problem)
    {
        Assert.Null(EvaluationRequestReader.Read(json, Questions.Options, Questions.Now, out var problems));

        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralMistakes_AreNamedAtOnce()
    {
        EvaluationRequestReader.Read("""{ "agent": "bot", "tool": "gihub", "extra": 1, "now": 1 }""", Questions.Options, Questions.Now, out var problems);

        Assert.Equal(["now", "agent", "tool", "operation", "extra"], problems.Select(problem => problem.Split(' ')[0]));
    }

    [Fact]
    public void Read_AnyMembers_AreReadOrRefusedInWords()
    {
        string[] names = ["agent", "tool", "operation", "method", "path", "query", "params", "claims", "contentType", "contentLength", "sourceIp", "intent", "now", "task", "history", "id", "owner", "\\ud800"];
        string[] values =
        [
            "null", "true", "-1", "7", "1e400", "\"\"", "\"x\"", "\"\\ud800\"", "\"corp:bot\"", "\"spiffe://a/b\"", "\"github\"", "\"closed\"", "\"repos.get\"", "\"GET\"", "\"/\"", "\"/repos/a/b\"",
            "\"/a?b\"", "\"%\"", "\"::1\"", "\"2027-01-31T09:30:00Z\"", "[]", "[\"a\"]", "{}", "{\"id\":\"corp:bot\"}", "{\"id\":\"corp:bot\",\"claims\":{\"groups\":[1]}}", "{\"owner\":\"a\",\"repo\":\"b\"}",
            "{\"id\":\"t\",\"purpose\":\"p\",\"remaining\":\"1h\"}", "{\"id\":\"\",\"purpose\":1,\"remaining\":1e400}", "{\"callsLastMinute\":1,\"toolsLastHour\":[\"a\"]}", "{\"toolsLastHour\":[null]}", "\"unix:billing\"",
        ];
        var member = from name in Gen.Elements(names)
                     from value in Gen.Elements(values)
                     select KeyValuePair.Create(name, value);
        var changes = from first in member
                      from second in member
                      from count in Gen.Choose(0, 2)
                      select new[] { first, second }.Take(count);
        var read = 0;
        foreach (var members in changes.Sample(20_000, 8))
        {
            // Most of what is asked is whole but for one thing or another.
            var whole = new Dictionary<string, string> { ["agent"] = "\"corp:bot\"", ["tool"] = "\"github\"", ["method"] = "\"GET\"", ["path"] = "\"/repos/a/b\"" };
            foreach (var (name, value) in members)
            {
                whole[name] = value;
            }

            var json = $"{{{string.Join(",", whole.Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}";
            var request = EvaluationRequestReader.Read(json, Questions.Options, Questions.Now, out var problems);
            Assert.True(request is null == problems.Count > 0, json);
            read += request is null ? 0 : 1;
        }

        Assert.InRange(read, 100, 19_900);
    }

    private static AuthorizationRequest Read(string json)
    {
        var request = EvaluationRequestReader.Read(json, Questions.Options, Questions.Now, out var problems);
        Assert.Empty(problems);
        return request!;
    }
}
