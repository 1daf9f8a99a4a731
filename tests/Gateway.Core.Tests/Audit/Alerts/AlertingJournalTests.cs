using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Alerts;

namespace Gateway.Core.Tests.Audit.Alerts;

public sealed class AlertingJournalTests
{
    [Fact]
    public void Record_CallThatWentAsItShould_RaisesNothing()
    {
        var scene = new AlertScene();
        scene.Journal.Record(Calls.Allowed());
        scene.Journal.Record(Calls.Refused("identity_missing", 401));
        scene.Journal.Record(Task("completed"));
        scene.Journal.Record(Lease("confirmed"));
        scene.Journal.Record(Lease("queued"));

        Assert.Equal(5, scene.Records.Count);
        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Record_SuspiciousCall_RaisesAnAlertBehindTheCall()
    {
        var scene = new AlertScene();
        var call = Call("a", "t", AlertKind.CanaryTouched);
        scene.Journal.Record(call);

        Assert.Same(call, scene.Records[0]);
        var alert = Assert.Single(scene.Alerts);
        Assert.Equal((AlertKind.CanaryTouched, "a", "t", call.Call, 0L), (alert.Kind, alert.Agent, alert.Tool, alert.Cause, alert.Suppressed));
    }

    [Theory]
    [InlineData("deviated", 1)]
    [InlineData("killed", 0)]
    public void Record_TaskEnded_RaisesADeviation(string reason, int alerts)
    {
        var scene = new AlertScene();
        scene.Journal.Record(Task(reason));

        Assert.Equal(alerts, scene.Alerts.Count(alert => alert is { Kind: AlertKind.Deviation, Agent: "a", Task: "task" }));
    }

    [Fact]
    public void Record_LeaseThatCouldNotBeRevoked_RaisesAnAlert()
    {
        var scene = new AlertScene();
        scene.Journal.Record(Lease("failed"));

        var alert = Assert.Single(scene.Alerts);
        Assert.Equal((AlertKind.IrrevocableLease, "a", "t", "lease", "key"), (alert.Kind, alert.Agent, alert.Tool, alert.Lease, alert.Credential));
    }

    [Fact]
    public void Record_ExpiringSecret_RaisesAnAlertOnlyWhereItWasUsed()
    {
        var scene = new AlertScene();
        scene.Journal.Record(new CallRecord { Call = "1", StartedAt = Calls.Start, Duration = default, Status = 403, Method = "GET", Path = "/", HttpVersion = "2", SourceIp = IPAddress.Loopback, LegacyExpires = true });
        Assert.Empty(scene.Alerts);
        scene.Journal.Record(new CallRecord { Call = "2", StartedAt = Calls.Start, Duration = default, Status = 200, Method = "GET", Path = "/", HttpVersion = "2", SourceIp = IPAddress.Loopback, LegacyExpires = true, Forwarded = true });
        Assert.Equal(AlertKind.ExpiringSecret, Assert.Single(scene.Alerts).Kind);
    }

    [Fact]
    public void Record_SameAlertWithinTheWindow_IsHeldBackAndCounted()
    {
        var scene = new AlertScene(new AlertLimits { Window = TimeSpan.FromMinutes(5) });
        for (var i = 0; i < 10; i++)
        {
            scene.Journal.Record(Call("a", "t", AlertKind.CanaryTouched));
            scene.Advance(TimeSpan.FromSeconds(29));
        }

        scene.Journal.Record(Call("b", "t", AlertKind.CanaryTouched));
        Assert.Equal(2, scene.Alerts.Count);
        scene.Advance(TimeSpan.FromSeconds(10));
        scene.Journal.Record(Call("a", "t", AlertKind.CanaryTouched));
        scene.Advance(TimeSpan.FromMinutes(5));
        scene.Journal.Record(Call("a", "t", AlertKind.CanaryTouched));

        Assert.Equal([0L, 0L, 9L, 0L], scene.Alerts.Select(alert => alert.Suppressed));
    }

    [Fact]
    public void Record_MoreThanAMinuteMayHave_IsHeldBackUntilTheNext()
    {
        var scene = new AlertScene(new AlertLimits { MaxPerMinute = 3 });
        for (var i = 0; i < 10; i++)
        {
            scene.Journal.Record(Call($"agent-{i}", "t", AlertKind.CanaryTouched));
        }

        Assert.Equal(3, scene.Alerts.Count);
        scene.Advance(TimeSpan.FromMinutes(1));
        scene.Journal.Record(Call("agent-9", "t", AlertKind.CanaryTouched));
        Assert.Equal(1, scene.Alerts[^1].Suppressed);
    }

    [Fact]
    public void Record_DenialsOfOneAgent_AreABurstFromTheLimitOn()
    {
        var scene = new AlertScene(new AlertLimits { DenialsPerMinute = 5 });
        for (var i = 0; i < 4; i++)
        {
            scene.Journal.Record(Denied("a"));
            scene.Journal.Record(Denied("b"));
        }

        Assert.Empty(scene.Alerts);
        scene.Advance(TimeSpan.FromMinutes(1));
        scene.Journal.Record(Denied("b"));
        Assert.Empty(scene.Alerts);
        for (var i = 0; i < 20; i++)
        {
            scene.Journal.Record(Denied("a"));
        }

        Assert.Equal((AlertKind.DenialBurst, "a"), Assert.Single(scene.Alerts.Select(alert => (alert.Kind, alert.Agent))));
    }

    [Theory]
    [InlineData("enforce", 1)]
    [InlineData("observe", 0)]
    public void Record_DenialsThatWereOnlyWatched_AreNoBurst(string mode, int alerts)
    {
        var scene = new AlertScene(new AlertLimits { DenialsPerMinute = 2 });
        scene.Journal.Record(Denied("a", mode));
        scene.Journal.Record(Denied("a", mode));

        Assert.Equal(alerts, scene.Alerts.Count);
    }

    [Fact]
    public void TryPass_AnyNumberOfLiars_TakesBoundedMemoryAndStillCounts()
    {
        var scene = new AlertScene();
        var gate = new AlertGate(new AlertLimits { MaxPerMinute = int.MaxValue }, scene);
        var passed = 0;
        for (var i = 0; i < 100_000; i++)
        {
            passed += gate.TryPass(AlertKind.DenialBurst, $"agent-{i}", null, out _) ? 1 : 0;
        }

        Assert.Equal(4097, passed);
        scene.Advance(TimeSpan.FromHours(1));
        Assert.True(gate.TryPass(AlertKind.DenialBurst, "agent-0", null, out _));
    }

    public static TheoryData<string> Kinds => [.. Enum.GetNames<AlertKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_EveryKind_IsValidOcsf(string name)
    {
        OcsfSchemas.SkipWhereMissing();
        var kind = Enum.Parse<AlertKind>(name);

        Assert.Empty(OcsfSchemas.Validate(Line(new AlertEvent { Id = "i", At = Calls.Start, Kind = kind })));
        var full = Line(new AlertEvent
        {
            Id = "i",
            At = Calls.Start,
            Kind = kind,
            Agent = "spiffe://example.org/a",
            ClaimedAgent = "x\n\"",
            Tool = "github",
            Operation = "issues.create",
            Credential = "key",
            Lease = "lease",
            Task = "task",
            Cause = "call",
            SourceIp = IPAddress.Loopback,
            Detail = "what\nwas found",
            Suppressed = 7,
        });
        Assert.Empty(OcsfSchemas.Validate(full));
        using var document = JsonDocument.Parse(full);
        Assert.Equal(200401, document.RootElement.GetProperty("type_uid").GetInt32());
        Assert.Equal(8, document.RootElement.GetProperty("count").GetInt32());
        Assert.Equal("gw-1", document.RootElement.GetProperty("metadata").GetProperty("reporter").GetProperty("name").GetString());
    }

    private static string Line(AlertEvent record)
    {
        var buffer = new LineBuffer(1024);
        new OcsfCallWriter(buffer, "1.0.0", "gw-1").Write(record, 7, Calls.Start);
        return Encoding.UTF8.GetString(buffer.Written);
    }

    private static CallRecord Call(string agent, string tool, AlertKind suspicion) => new()
    {
        Call = Guid.NewGuid().ToString(),
        StartedAt = Calls.Start,
        Duration = default,
        Status = 200,
        Agent = agent,
        Tool = tool,
        Method = "GET",
        Path = "/",
        HttpVersion = "1.1",
        SourceIp = IPAddress.Loopback,
        Suspicion = suspicion,
    };

    private static CallRecord Denied(string agent, string? mode = null) => new()
    {
        Call = Guid.NewGuid().ToString(),
        StartedAt = Calls.Start,
        Duration = default,
        Status = 403,
        Agent = agent,
        Decision = "deny",
        PolicyMode = mode,
        Method = "GET",
        Path = "/",
        HttpVersion = "1.1",
        SourceIp = IPAddress.Loopback,
    };

    private static EntityEvent Task(string reason) => new()
    {
        Id = "e",
        At = Calls.Start,
        Activity = EntityActivity.Deactivate,
        Type = EntityEvent.TaskType,
        Entity = "task",
        Task = "task",
        Actor = "operator",
        StatusDetail = reason,
        Data = [new("agent", "a")],
    };

    private static EntityEvent Lease(string outcome) => new()
    {
        Id = "e",
        At = Calls.Start,
        Activity = EntityActivity.Delete,
        Type = EntityEvent.LeaseType,
        Entity = "lease",
        Name = "key",
        StatusDetail = outcome,
        Data = [new("agent", "a"), new("tool", "t")],
    };
}
