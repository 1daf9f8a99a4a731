using System.Text;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;

namespace Gateway.Core.Tests.Audit.Index;

public sealed class CallFactsReaderTests : JournalTestBase
{
    private const string Line = """
        {"class_uid":6003,"time":5,"actor":{"app_uid":"a"},"api":{"service":{"name":"t"}},"unmapped":{"gateway":{"decision":"allow"}},"metadata":{"uid":"c","sequence":9}}
        """;

    [Fact]
    public async Task TryRead_AllowedCall_HasWhatItIsFoundBy()
    {
        var call = Calls.Allowed();

        var facts = Assert.Single(await LogAsync(call));

        Assert.Equal(new CallFacts(facts.Sequence, call.Call, Calls.Start.ToUnixTimeMilliseconds(), call.Agent, "github", true, null, null), facts);
    }

    [Fact]
    public async Task TryRead_DeniedCallOfATask_IsDeniedWithItsReasonAndTask()
    {
        var call = WithTask(Calls.Refused("policy_denied", 403), "task-1");

        var facts = Assert.Single(await LogAsync(call));

        Assert.Equal((false, "policy_denied", "task-1", "dev:billing"), (facts.IsAllowed, facts.Reason, facts.Task, facts.Agent));
    }

    [Theory]
    [InlineData("identity_invalid")]
    [InlineData("identity_missing")]
    [InlineData("proof_required")]
    public async Task TryRead_RefusedIdentity_IsDeniedAndThatOfWhoWasClaimed(string reason)
    {
        var facts = Assert.Single(await LogAsync(Calls.Unidentified(reason, 401, "dev:claimed")));

        Assert.Equal((false, reason, "dev:claimed"), (facts.IsAllowed, facts.Reason, facts.Agent));
    }

    [Fact]
    public async Task TryRead_InterruptedBeforeItWasDecided_IsNotAllowed()
    {
        var facts = Assert.Single(await LogAsync(WithDecision(reason: null, decision: null, interrupted: true)));

        Assert.False(facts.IsAllowed);
    }

    [Theory]
    [InlineData(null, null, true)] // the gateway's own answer to an agent
    [InlineData("task_ended", null, false)]
    [InlineData("upstream_timeout", "allow", true)]
    [InlineData("credential_unavailable", "allow", true)]
    [InlineData(null, "deny", false)] // policy only watches
    public async Task TryRead_Decision_IsThatOfPolicyWhereItWasAsked(string? reason, string? decision, bool isAllowed)
    {
        var facts = Assert.Single(await LogAsync(WithDecision(reason, decision)));

        Assert.Equal(isAllowed, facts.IsAllowed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"class_uid\":3004,\"metadata\":{\"uid\":\"c\",\"sequence\":9}}")]
    [InlineData("{\"class_uid\":2004,\"metadata\":{\"uid\":\"c\",\"sequence\":9}}")]
    [InlineData("{\"class_uid\":6003,\"metadata\":{\"uid\":\"c\",\"sequence\":\"9\"}}")]
    [InlineData("{\"class_uid\":6003,\"metadata\":{\"uid\":5,\"sequence\":9}}")]
    [InlineData("{\"class_uid\":6003,\"metadata\":7}")]
    [InlineData("{\"class_uid\":6003,\"metadata\":{\"sequence\":9}}")]
    [InlineData("{\"class_uid\":6003,\"actor\":\"x\",\"metadata\":{\"uid\":\"c\",\"sequence\":9}}")]
    public void TryRead_NoCall_IsFalse(string line) => Assert.False(CallFactsReader.TryRead(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void TryRead_MembersWithTheSameNamesElsewhere_AreNotTaken()
    {
        var line = Line.Trim().Replace("{\"class_uid\"", """{"unknown":{"metadata":{"uid":"x","sequence":1},"class_uid":1,"actor":{"app_uid":"x"}},"class_uid" """.TrimEnd(), StringComparison.Ordinal);

        Assert.True(CallFactsReader.TryRead(Encoding.UTF8.GetBytes(line), out var facts));
        Assert.Equal(new CallFacts(9, "c", 5, "a", "t", true, null, null), facts);
    }

    [Fact]
    public void TryRead_CutAnywhere_IsNoCall()
    {
        var line = Encoding.UTF8.GetBytes(Line.Trim());
        for (var length = 0; length < line.Length; length++)
        {
            Assert.False(CallFactsReader.TryRead(line.AsSpan(0, length), out _), $"{length} bytes");
        }
    }

    private static CallRecord WithTask(CallRecord call, string task) => new()
    {
        Call = call.Call,
        StartedAt = call.StartedAt,
        Duration = call.Duration,
        Reason = call.Reason,
        Status = call.Status,
        Agent = call.Agent,
        Task = task,
        Tool = call.Tool,
        Method = call.Method,
        Path = call.Path,
        HttpVersion = call.HttpVersion,
        SourceIp = call.SourceIp,
        Decision = call.Decision,
    };

    private static CallRecord WithDecision(string? reason, string? decision, bool interrupted = false)
    {
        var call = Calls.Allowed();
        return new CallRecord
        {
            Call = call.Call,
            StartedAt = call.StartedAt,
            Duration = call.Duration,
            Reason = reason,
            Interrupted = interrupted,
            Status = 200,
            Agent = call.Agent,
            Tool = call.Tool,
            Method = call.Method,
            Path = call.Path,
            HttpVersion = call.HttpVersion,
            SourceIp = call.SourceIp,
            Decision = decision,
        };
    }

    private async Task<List<CallFacts>> LogAsync(CallRecord call)
    {
        await using (var journal = await StartAsync())
        {
            Assert.True(journal.TryAdmit());
            journal.Record(call);
        }

        using var reader = new CallLogReader(AuditDirectory, 0);
        var calls = new List<IndexedCall>();
        var found = new List<CallFacts>();
        while (reader.Read() is { Count: > 0 } lines)
        {
            CallIndexer.Extract(lines, calls);
            found.AddRange(calls.Select(c => c.Facts));
        }

        return found;
    }
}
