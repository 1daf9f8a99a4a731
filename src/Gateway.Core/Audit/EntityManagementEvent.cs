using System.Text;

namespace Gateway.Core.Audit;

/// <summary>The fields of class 3004 Entity Management.</summary>
internal static class EntityManagementEvent
{
    private const int ClassUid = 3004;

    public static void Write(OcsfJson json, EntityEvent record)
    {
        var activity = (int)record.Activity;
        json.Number("category_uid"u8, 3);
        json.Number("class_uid"u8, ClassUid);
        json.Number("activity_id"u8, activity);
        json.Number("type_uid"u8, (ClassUid * 100) + activity);
        json.Text("activity_name"u8, record.Activity.ToString(), OcsfLimits.Token);
        json.Time("time"u8, record.At);
        json.Number("severity_id"u8, record.Severity);
        json.Number("status_id"u8, record.Succeeded ? 1 : 2);
        json.Literal("status"u8, record.Succeeded ? "Success"u8 : "Failure"u8);
        json.Text("status_detail"u8, record.StatusDetail, OcsfLimits.Text);
        json.Text("message"u8, record.Message, OcsfLimits.Text);
        WriteActor(json, record);
        if (record.Before is { } before)
        {
            WriteEntity(json, "entity"u8, record, before.Version, before.Data);
            WriteEntity(json, "entity_result"u8, record, record.Version, record.Data);
        }
        else
        {
            WriteEntity(json, "entity"u8, record, record.Version, record.Data);
        }

        if (record.SourceIp is { } source)
        {
            json.StartObject("src_endpoint"u8);
            json.Address("ip"u8, source);
            json.EndObject();
        }

        json.StartObject("unmapped"u8);
        json.StartObject("gateway"u8);
        json.ChainValue();
        json.EndObject();
        json.EndObject();
    }

    private static void WriteActor(OcsfJson json, EntityEvent record)
    {
        json.StartObject("actor"u8);
        json.Literal("app_name"u8, "Gateway"u8);
        json.Text("app_uid"u8, record.Actor, OcsfLimits.Agent);
        if (record.Task is not null)
        {
            json.StartObject("session"u8);
            json.Text("uid"u8, record.Task, OcsfLimits.Identifier);
            json.EndObject();
        }

        json.EndObject();
    }

    private static void WriteEntity(OcsfJson json, ReadOnlySpan<byte> member, EntityEvent record, string? version, IReadOnlyList<KeyValuePair<string, object>> data)
    {
        json.StartObject(member);
        json.Number("type_id"u8, record.TypeId);
        json.Text("type"u8, record.Type, OcsfLimits.Identifier);
        json.Text("uid"u8, record.Entity, OcsfLimits.Identifier);
        json.Text("name"u8, record.Name, OcsfLimits.Text);
        json.Text("version"u8, version, OcsfLimits.Identifier);
        if (data.Count > 0)
        {
            json.StartObject("data"u8);
            foreach (var (name, value) in data)
            {
                WriteValue(json, Encoding.UTF8.GetBytes(name), value);
            }

            json.EndObject();
        }

        json.EndObject();
    }

    private static void WriteValue(OcsfJson json, byte[] name, object value)
    {
        switch (value)
        {
            case string text:
                json.Text(name, text, OcsfLimits.Agent);
                break;
            case bool flag:
                json.Flag(name, flag);
                break;
            case int number:
                json.Number(name, number);
                break;
            case long number:
                json.Number(name, number);
                break;
            case DateTimeOffset time:
                json.Time(name, time);
                break;
            case IReadOnlyList<string> texts:
                json.Texts(name, texts, OcsfLimits.Identifier);
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType().Name} has no place in the log.", nameof(value));
        }
    }
}
