using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Gateway.Core.Identity;

namespace Gateway.Core.Policy;

/// <summary>Writes the vocabulary that Cedar policies see as JSON, for decision points outside the gateway.</summary>
/// <remarks>
/// Attributes only: how an entity's type, id and attributes are nested is the protocol's affair. Names and values are those of
/// Cedar's entities, but claims, which are written as they stand in the token.
/// </remarks>
internal sealed class VocabularyWriter(IEnumerable<ToolVocabulary> tools, IReadOnlyDictionary<string, AgentRegistration> agents)
{
    public const string AgentType = "Agent";
    public const string ActionType = ActionVocabulary.Type;
    public const string ToolType = "Tool";

    private static readonly Dictionary<string, string> NoLabels = [];

    private readonly FrozenDictionary<string, ToolVocabulary> _tools = tools.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
    private readonly FrozenDictionary<string, AgentRegistration> _agents = agents.ToFrozenDictionary(StringComparer.Ordinal);

    public static string ActionId(AuthorizationRequest request) => $"{request.Tool}/{request.Operation}";

    public void WriteAgent(Utf8JsonWriter json, AgentIdentity agent)
    {
        var registration = _agents.GetValueOrDefault(agent.Id);
        WriteTexts(json, "groups", registration?.Groups ?? []);
        json.WriteString("issuer", agent.Issuer);
        json.WriteString("method", agent.Method);
        json.WriteBoolean("proofOfPossession", agent.ProofOfPossession);
        if (registration?.Labels.TryGetValue("environment", out var environment) == true)
        {
            json.WriteString("environment", environment);
        }

        WriteRecord(json, "labels", registration?.Labels ?? NoLabels);
        json.WriteStartObject("claims");
        foreach (var (name, value) in agent.Claims)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    public static void WriteAction(Utf8JsonWriter json, AuthorizationRequest request) =>
        WriteTexts(json, "parents", [$"{request.Tool}/*", ActionVocabulary.KindOf(request.Method)]);

    /// <exception cref="KeyNotFoundException">The tool is of another configuration.</exception>
    public void WriteTool(Utf8JsonWriter json, string name)
    {
        var tool = _tools[name];
        WriteTexts(json, "groups", tool.Groups);
        WriteRecord(json, "labels", tool.Labels);
        json.WriteString("host", tool.Host);
    }

    /// <summary>The context; what policy learns of tasks and of former calls belongs here, beside <c>request</c>.</summary>
    public static void WriteContext(Utf8JsonWriter json, AuthorizationRequest request)
    {
        json.WriteStartObject("request");
        json.WriteString("method", request.Method);
        json.WriteString("path", request.Path);
        json.WriteString("query", request.Query);
        if (request.ContentType is { } contentType)
        {
            json.WriteString("contentType", contentType);
        }

        json.WriteNumber("contentLength", request.ContentLength);
        json.WriteString("sourceIp", Plain(request.SourceIp));
        json.WriteEndObject();
        WriteRecord(json, "params", request.Parameters);
        json.WriteString("now", request.Now.UtcDateTime);
        if (request.Intent is { } intent)
        {
            json.WriteString("intent", intent);
        }

        if (request.Task is { } task)
        {
            WriteTask(json, task);
        }

        WriteHistory(json, request.History);
    }

    private static void WriteTask(Utf8JsonWriter json, TaskFacts task)
    {
        json.WriteStartObject("task");
        json.WriteString("id", task.Id);
        json.WriteString("purpose", task.Purpose);
        if (task.User is { } user)
        {
            json.WriteString("user", user);
        }

        json.WriteNumber("depth", task.Depth);
        json.WriteNumber("calls", task.Calls);
        json.WriteNumber("remainingSeconds", (long)task.Remaining.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteHistory(Utf8JsonWriter json, IHistoryFacts? history)
    {
        json.WriteStartObject("history");
        json.WriteNumber("callsLastMinute", history?.CallsLastMinute ?? 0);
        json.WriteNumber("callsLastHour", history?.CallsLastHour ?? 0);
        json.WriteNumber("deniedLastHour", history?.DeniedLastHour ?? 0);
        WriteTexts(json, "toolsLastHour", history?.ToolsLastHour ?? []);
        json.WriteEndObject();
    }

    /// <summary>As Cedar sees it: IPv4 that arrived over an IPv6 socket is IPv4, and an address has no zone.</summary>
    private static string Plain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new IPAddress(plain.GetAddressBytes()).ToString();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteRecord(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> values)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
