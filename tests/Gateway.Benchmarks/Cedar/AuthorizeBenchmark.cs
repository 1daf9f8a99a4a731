using System.Globalization;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Gateway.Cedar;
using Perfolizer.Horology;

namespace Gateway.Benchmarks.Cedar;

/// <summary>Decisions with the gateway's vocabulary. However many policies there are, five of them apply to the request.</summary>
[MemoryDiagnoser]
[MinColumn]
[Config(typeof(Settings))]
public class AuthorizeBenchmark
{
    private static readonly RecordShape ContextShape = new("request", "params", "history", "now", "task", "intent");
    private static readonly RecordShape RequestShape = new("method", "path", "query", "contentType", "contentLength", "sourceIp");
    private static readonly RecordShape ParametersShape = new("owner", "repo");
    private static readonly RecordShape HistoryShape = new("callsLastMinute", "callsLastHour", "deniedLastHour", "toolsLastHour");
    private static readonly CedarSet Tools = CedarSet.Create("github");
    private static readonly IPAddress Source = IPAddress.Parse("10.1.2.3");

    private PolicySet _policies = PolicySet.Empty;
    private IEntitySource _entities = EntityStore.Empty;
    private CedarRequest _request;

    /// <summary>How many policies there are in all.</summary>
    [Params(1, 10, 100, 1_000, 10_000)]
    public int Policies { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _policies = PolicySet.Parse(Text(Policies)).GetValueOrThrow();
        var store = EntityStore.Create(Definitions());
        var agent = store.Resolve(new(
            new("Agent", "spiffe://example.org/agent/billing"),
            [new("AgentGroup", "finance")],
            CedarRecord.Create([new("method", "jwt"), new("environment", "prod"), new("proofOfPossession", true)])));
        _entities = new EntityOverlay(store, agent);
        _request = new(agent.Uid, new("Action", "github/issues.create"), new("Tool", "github"), Context());
        if (!_policies.Authorize(_request, _entities).IsAllowed)
        {
            throw new InvalidOperationException("The request must be allowed, else this measures something else.");
        }
    }

    /// <summary>The decision alone.</summary>
    [Benchmark]
    public Decision Decide() => _policies.Authorize(_request, _entities).Decision;

    /// <summary>With the context made anew, as for a call.</summary>
    [Benchmark]
    public Decision BuildAndDecide() => _policies.Authorize(_request with { Context = Context() }, _entities).Decision;

    private static CedarRecord Context() => ContextShape.CreateRecord(
        RequestShape.CreateRecord("POST", "/repos/acme/site/issues", "", "application/json", 412, CedarValue.From(Source)),
        ParametersShape.CreateRecord("acme", "site"),
        HistoryShape.CreateRecord(12, 340, 0, Tools),
        CedarValue.From(DateTimeOffset.UnixEpoch),
        default,
        default);

    private static IEnumerable<EntityDefinition> Definitions()
    {
        var labels = CedarRecord.Create([new("labels", CedarRecord.Create([new("sensitivity", "internal")])), new("host", "api.github.com")]);
        yield return new(new("Tool", "github"), [new("ToolGroup", "scm")], labels);
        yield return new(new("Action", "github/issues.create"), [new("Action", "github/*"), new("Action", "create")]);
        for (var i = 0; i < 1_000; i++)
        {
            yield return new(new("Tool", $"tool{i}"), [new("ToolGroup", "other")], labels);
            yield return new(new("Action", $"tool{i}/get"), [new("Action", $"tool{i}/*"), new("Action", "read")]);
        }
    }

    private static string Text(int count)
    {
        string[] applicable =
        [
            """permit(principal in AgentGroup::"finance", action in Action::"github/*", resource == Tool::"github") when { context.request.method == "POST" && context.params.owner == "acme" };""",
            """forbid(principal, action, resource) when { context.history.callsLastMinute > 100 };""",
            """forbid(principal, action in [Action::"create", Action::"delete"], resource in ToolGroup::"scm") unless { principal.environment == "prod" };""",
            """forbid(principal, action, resource is Tool) when { resource.labels.sensitivity == "secret" && !principal.proofOfPossession };""",
            """permit(principal is Agent, action == Action::"github/issues.create", resource) when { context.request.sourceIp.isInRange(ip("10.0.0.0/8")) && context.request.path like "/repos/*/issues" };""",
        ];
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.AppendLine(i < applicable.Length
                ? applicable[i]
                : string.Create(CultureInfo.InvariantCulture, $$"""permit(principal == Agent::"agent{{i}}", action in Action::"tool{{i % 1_000}}/*", resource == Tool::"tool{{i % 1_000}}") when { context.request.method == "GET" };"""));
        }

        return text.ToString();
    }

    // Iterations of two milliseconds: on a shared machine the shortest of them ran undisturbed.
    private sealed class Settings : ManualConfig
    {
        public Settings() => AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(100)
            .WithIterationCount(100)
            .WithIterationTime(TimeInterval.FromMilliseconds(2)))
            .AddColumn(StatisticColumn.Median);
    }
}
