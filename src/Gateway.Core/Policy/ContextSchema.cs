namespace Gateway.Core.Policy;

/// <summary>The types of <see cref="CallContext"/>'s attributes. What an action may have beside them goes here, and only here.</summary>
internal static class ContextSchema
{
    /// <summary>The types of <see cref="RequestAttributes"/>, <see cref="TaskAttributes"/> and <see cref="HistoryAttributes"/>.</summary>
    public const string CommonTypes = """
        type Request = {
          method: String,
          path: String,
          query: String,
          contentType?: String,
          contentLength: Long,
          sourceIp: ipaddr
        };

        type Task = {
          id: String,
          purpose: String,
          user?: String,
          depth: Long,
          calls: Long,
          remaining: duration
        };

        type History = {
          callsLastMinute: Long,
          callsLastHour: Long,
          deniedLastHour: Long,
          toolsLastHour: Set<String>
        };
        """;

    /// <summary>Equal for two actions whose contexts have one type.</summary>
    public static string KeyOf(CallableAction action) => string.Join(',', action.Operation.Parameters.Order(StringComparer.Ordinal));

    /// <summary>The type of an action's context: a record, as the schema writes it.</summary>
    public static string TypeOf(CallableAction action)
    {
        var parameters = string.Join(", ", action.Operation.Parameters.Select(name => $"{CedarText.NameOf(name)}: String"));
        return $$"""
            {
              request: Request,
              params: {{{(parameters.Length == 0 ? "" : $" {parameters} ")}}},
              now: datetime,
              intent?: String,
              task?: Task,
              history: History
            }
            """;
    }
}
