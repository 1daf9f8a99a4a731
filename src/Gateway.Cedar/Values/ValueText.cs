using System.Globalization;
using System.Text;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar;

/// <summary>Prints values as Cedar expressions and types as the messages name them.</summary>
internal static class ValueText
{
    public static string NameOf(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => "bool",
        ValueKind.Long => "long",
        ValueKind.String => "string",
        ValueKind.Entity => "entity",
        ValueKind.Set => "set",
        ValueKind.Record => "record",
        ValueKind.IPAddress => "ipaddr",
        ValueKind.Decimal => "decimal",
        ValueKind.DateTime => "datetime",
        ValueKind.Duration => "duration",
        _ => "nothing",
    };

    public static string Of(CedarValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, CedarValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Boolean:
                text.Append(value.IsTrue ? "true" : "false");
                break;
            case ValueKind.Long:
                text.Append(value.Number);
                break;
            case ValueKind.String:
                text.Append(StringLiteral.Encode(value.AsString()));
                break;
            case ValueKind.Entity:
                text.Append(value.EntityOrNull);
                break;
            case ValueKind.Set:
                AppendSet(text, value.AsSet());
                break;
            case ValueKind.Record:
                AppendRecord(text, value.AsRecord());
                break;
            case ValueKind.IPAddress:
                text.Append(CultureInfo.InvariantCulture, $"ip(\"{value.IPRangeOrNull}\")");
                break;
            case ValueKind.Decimal:
                text.Append(CultureInfo.InvariantCulture, $"decimal(\"{DecimalText.Format(value.Number)}\")");
                break;
            case ValueKind.DateTime:
                text.Append(TimeText.FormatDateTime(value.Number));
                break;
            case ValueKind.Duration:
                text.Append(CultureInfo.InvariantCulture, $"duration(\"{value.Number}ms\")");
                break;
            default:
                text.Append("(nothing)");
                break;
        }
    }

    private static void AppendSet(StringBuilder text, CedarSet set)
    {
        text.Append('[');
        var separator = "";
        foreach (var element in set)
        {
            text.Append(separator);
            Append(text, element);
            separator = ", ";
        }

        text.Append(']');
    }

    private static void AppendRecord(StringBuilder text, CedarRecord record)
    {
        text.Append('{');
        var separator = "";
        foreach (var (name, attribute) in record)
        {
            text.Append(separator).Append(StringLiteral.Encode(name)).Append(": ");
            Append(text, attribute);
            separator = ", ";
        }

        text.Append('}');
    }
}
