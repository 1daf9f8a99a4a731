using System.Net;
using Gateway.Core.Audit;
using Gateway.Core.Audit.UnderWay;

namespace Gateway.Core.Tests.Audit.UnderWay;

public sealed class OpenCallCodecTests
{
    /// <summary>What only the end of a call tells, and what follows from its not being known.</summary>
    private static readonly string[] OfTheEnd =
    [
        nameof(CallRecord.UpstreamDuration), nameof(CallRecord.Forwarded), nameof(CallRecord.Interrupted), nameof(CallRecord.Reason), nameof(CallRecord.Detail),
        nameof(CallRecord.Status), nameof(CallRecord.RequestBytes), nameof(CallRecord.ResponseBytes), nameof(CallRecord.ClaimedAgent), nameof(CallRecord.Uid),
        nameof(CallRecord.Suspicion),
    ];

    [Fact]
    public void Read_FullRecord_HasEveryPropertyThatWasWritten()
    {
        var record = Full();
        var read = RoundTrip(record);

        foreach (var property in typeof(CallRecord).GetProperties().Where(p => !OfTheEnd.Contains(p.Name)))
        {
            var written = property.GetValue(record);
            Assert.False(Equals(written, property.GetValue(Empty())), $"{property.Name} is not set by this test");
            Assert.Equal(written, property.GetValue(read));
        }

        Assert.Equal((true, true, CallRecord.UnknownStatus), (read.Forwarded, read.Interrupted, read.Status));
        Assert.Contains("what became of it is not known", read.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("first part", read.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyRecord_HasNothing()
    {
        var read = RoundTrip(Empty());

        foreach (var property in typeof(CallRecord).GetProperties().Where(p => !OfTheEnd.Contains(p.Name)))
        {
            Assert.Equal(property.GetValue(Empty()), property.GetValue(read));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(3000)]
    [InlineData(100_000)]
    public void Read_TextsOfAnyLength_KeepWhoAndWhat(int length)
    {
        var text = new string('ü', length);
        var read = RoundTrip(new CallRecord
        {
            Call = "call",
            StartedAt = Calls.Start,
            Duration = TimeSpan.Zero,
            Status = 200,
            Agent = "agent",
            Tool = "tool",
            Operation = "operation",
            Method = "GET",
            Path = text,
            HttpVersion = "2",
            SourceIp = IPAddress.IPv6Loopback,
            Decision = "allow",
            Policies = [.. Enumerable.Repeat(text, 10)],
            Intent = text,
            PolicyErrors = [text, text],
            TraceId = "trace",
        });

        Assert.Equal(("call", "agent", "tool", "operation", "GET", "allow", "trace"), (read.Call, read.Agent, read.Tool, read.Operation, read.Method, read.Decision, read.TraceId));
        Assert.Equal(IPAddress.IPv6Loopback, read.SourceIp);
        Assert.Equal(length > 100, read.Detail!.Contains("first part", StringComparison.Ordinal));
        Assert.True(read.Path.Length == 0 || read.Path == text[..Math.Min(length, OcsfLimits.Path)]);
    }

    [Fact]
    public void Read_AgentSendsAsMuchAsItCan_KeepsEverythingElse()
    {
        var flood = new string('x', 100_000);
        var record = Full(flood);
        var read = RoundTrip(record);

        string[] ofTheAgent = [nameof(CallRecord.Path), nameof(CallRecord.Intent), nameof(CallRecord.LoggedQuery), nameof(CallRecord.LoggedHeaders), nameof(CallRecord.Method), nameof(CallRecord.Operation)];
        foreach (var property in typeof(CallRecord).GetProperties().Where(p => !OfTheEnd.Contains(p.Name) && !ofTheAgent.Contains(p.Name)))
        {
            Assert.Equal(property.GetValue(record), property.GetValue(read));
        }

        Assert.Equal(
            (OcsfLimits.Token, OcsfLimits.Identifier, OcsfLimits.Path, OcsfLimits.Intent, OcsfLimits.Path),
            (read.Method.Length, read.Operation!.Length, read.Path.Length, read.Intent!.Length, read.LoggedQuery!.Length));
        Assert.Contains("first part", read.Detail, StringComparison.Ordinal);
    }

    private static CallRecord RoundTrip(CallRecord record)
    {
        var slot = new byte[OpenCallFile.PayloadBytes];
        return OpenCallCodec.Read(slot.AsSpan(0, OpenCallCodec.Write(record, slot)));
    }

    private static CallRecord Empty() => new()
    {
        Call = "",
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.Zero,
        Status = 0,
        Method = "",
        Path = "",
        HttpVersion = "",
        SourceIp = IPAddress.Any,
    };

    /// <param name="sent">What the agent sends wherever it can; null for what an honest one does.</param>
    private static CallRecord Full(string? sent = null) => new()
    {
        Call = "call",
        StartedAt = Calls.Start,
        Duration = TimeSpan.FromMilliseconds(3),
        Status = 200,
        Agent = "agent",
        Issuer = "issuer",
        IdentityMethod = "jwt",
        ProofOfPossession = true,
        TokenId = "token",
        TokenIssuedAt = Calls.Start.AddMinutes(-1),
        TokenExpiresAt = Calls.Start.AddMinutes(1),
        Task = "task",
        User = "user",
        Delegation = ["a", "b"],
        Tool = "tool",
        ToolLabels = ["l:1"],
        Operation = sent ?? "operation",
        Method = sent ?? "POST",
        Path = sent ?? "/ü",
        ParameterNames = ["p"],
        HttpVersion = "1.1",
        SourceIp = IPAddress.Parse("10.0.0.1"),
        SourcePort = 4711,
        Destination = new Uri("https://api.example"),
        Decision = "allow",
        Policies = ["one", "two"],
        PolicyErrors = ["error"],
        PolicyVersion = "version",
        DecisionId = "decision",
        PolicyMode = "enforce",
        Credential = "credential",
        Lease = "lease",
        LeaseFingerprint = "fingerprint",
        LeaseScope = "scope",
        LeaseIssuedAt = Calls.Start.AddMinutes(-2),
        LeaseExpiresAt = Calls.Start.AddMinutes(2),
        LegacyOwner = "owner",
        LegacyNotAfter = Calls.Start.AddDays(1),
        LegacyExpires = true,
        Intent = sent ?? "intent",
        Transaction = "transaction",
        Obligations = ["obligation"],
        LoggedQuery = sent ?? "page=1",
        LoggedHeaders = [KeyValuePair.Create("X-Reason", sent ?? "why")],
        TraceId = "trace",
    };
}
