using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Core.Audit;

namespace Gateway.Core.Tests.Audit;

public sealed class EntityEventTests : JournalTestBase
{
    public static TheoryData<string> Activities => [.. Enum.GetNames<EntityActivity>()];

    [Theory]
    [MemberData(nameof(Activities))]
    public void Write_EveryActivity_IsValidOcsf(string name)
    {
        var activity = Enum.Parse<EntityActivity>(name);
        OcsfSchemas.SkipWhereMissing();

        Assert.Empty(OcsfSchemas.Validate(Line(Full(activity))));
        Assert.Empty(OcsfSchemas.Validate(Line(new EntityEvent { Id = "e", At = Calls.Start, Activity = activity, Type = "Agent Task", Entity = "t" })));
    }

    [Fact]
    public void Write_FullEvent_HoldsWhatItWasGiven()
    {
        using var document = JsonDocument.Parse(Line(Full(EntityActivity.Deactivate)));
        var root = document.RootElement;

        Assert.Equal(300411, root.GetProperty("type_uid").GetInt32());
        Assert.Equal("Failure", root.GetProperty("status").GetString());
        Assert.Equal("task-1", root.GetProperty("actor").GetProperty("session").GetProperty("uid").GetString());
        Assert.Equal("corp:alice", root.GetProperty("actor").GetProperty("app_uid").GetString());
        Assert.Equal(7, root.GetProperty("metadata").GetProperty("sequence").GetInt64());
        Assert.Equal("task-1", root.GetProperty("metadata").GetProperty("correlation_uid").GetString());
        var data = root.GetProperty("entity").GetProperty("data");
        Assert.Equal(
            """{"text":"a \u0022b\u0022","number":3,"big":4000000000,"flag":true,"time":1795300200125,"list":["x","y"]}""",
            data.GetRawText());
    }

    [Fact]
    public void Write_ChangedEntity_HoldsWhatItWasAndWhatItIs()
    {
        OcsfSchemas.SkipWhereMissing();
        var line = Line(new EntityEvent
        {
            Id = "e",
            At = Calls.Start,
            Activity = EntityActivity.Update,
            TypeId = EntityEvent.PolicyTypeId,
            Type = EntityEvent.PolicyType,
            Entity = "policies",
            Before = new EntityState("1", [new("mode", "observe")]),
            Version = "2",
            Data = [new("mode", "enforce")],
        });

        Assert.Empty(OcsfSchemas.Validate(line));
        using var document = JsonDocument.Parse(line);
        Assert.Equal("""{"type_id":5,"type":"Policy","uid":"policies","version":"1","data":{"mode":"observe"}}""", document.RootElement.GetProperty("entity").GetRawText());
        Assert.Equal("""{"type_id":5,"type":"Policy","uid":"policies","version":"2","data":{"mode":"enforce"}}""", document.RootElement.GetProperty("entity_result").GetRawText());
    }

    [Fact]
    public async Task Record_EventsAmongCalls_ShareOneGaplessSequence()
    {
        await using (var journal = await StartAsync())
        {
            for (var i = 0; i < 50; i++)
            {
                Record(journal, 1);
                journal.Record(Full(EntityActivity.Create));
            }

            await journal.FlushAsync(Cancelled);
        }

        AssertGapless(100);
        var classes = Events().Where(e => !IsOfTheLog(e)).Select(e => e.GetProperty("class_uid").GetInt32()).ToList();
        Assert.Equal((50, 50), (classes.Count(c => c == 6003), classes.Count(c => c == 3004)));
    }

    [Fact]
    public async Task Record_ValueThatHasNoForm_IsReducedAndNotLost()
    {
        await using var journal = await StartAsync();
        journal.Record(new EntityEvent { Id = "e", At = Calls.Start, Activity = EntityActivity.Create, Type = "x", Entity = "y", Data = [new("object", new object())] });
        await journal.FlushAsync(Cancelled);

        AssertGapless(1);
        Assert.True(Log.Has(4004));
    }

    private static EntityEvent Full(EntityActivity activity) => new()
    {
        Id = Guid.CreateVersion7(Calls.Start).ToString(),
        At = Calls.Start,
        Activity = activity,
        Type = "Agent Task",
        Entity = "task-1",
        Name = "close invoices",
        Version = "2",
        Succeeded = false,
        Severity = 2,
        StatusDetail = "completed",
        Message = "done",
        Actor = "corp:alice",
        Task = "task-1",
        Call = "call-1",
        SourceIp = IPAddress.Loopback,
        Data =
        [
            new("text", "a \"b\""), new("number", 3), new("big", 4_000_000_000L), new("flag", true), new("time", Calls.Start), new("list", (string[])["x", "y"]),
        ],
    };

    private static string Line(EntityEvent record)
    {
        var buffer = new LineBuffer(1024);
        new OcsfCallWriter(buffer, "1.0.0").Write(record, 7, Calls.Start);
        return Encoding.UTF8.GetString(buffer.Written);
    }
}
