using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Integrations.DecisionPoints;

namespace Gateway.Integrations.Opa;

/// <summary>Asks Open Policy Agent through its Data API: the value of one rule, with the request as <c>input</c>.</summary>
/// <param name="point">The server.</param>
/// <param name="path">The rule's path, "gateway/allow".</param>
/// <param name="vocabulary">Agents and tools of the configuration that this engine belongs to.</param>
internal sealed class OpaPolicyEngine(DecisionPoint point, string path, VocabularyWriter vocabulary) : IPolicyEngine
{
    private readonly OpaAnswerReader _reader = new(path);

    /// <param name="url">The server's base URL.</param>
    /// <param name="path">The rule's path.</param>
    public static Uri Endpoint(string url, string path) => new($"{url.TrimEnd('/')}/v1/data/{path}?provenance=true");

    public ValueTask<Decision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
        point.AskAsync(Question.Write(json => Write(json, request)), request.CallId, _reader.Read, cancellationToken);

    private void Write(Utf8JsonWriter json, AuthorizationRequest request)
    {
        json.WriteStartObject();
        json.WriteStartObject("input");
        StartEntity(json, "principal", VocabularyWriter.AgentType, request.Agent.Id);
        vocabulary.WriteAgent(json, request.Agent);
        json.WriteEndObject();
        StartEntity(json, "action", VocabularyWriter.ActionType, VocabularyWriter.ActionId(request));
        VocabularyWriter.WriteAction(json, request);
        json.WriteEndObject();
        StartEntity(json, "resource", VocabularyWriter.ToolType, request.Tool);
        vocabulary.WriteTool(json, request.Tool);
        json.WriteEndObject();
        json.WriteStartObject("context");
        VocabularyWriter.WriteContext(json, request);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void StartEntity(Utf8JsonWriter json, string name, string type, string id)
    {
        json.WriteStartObject(name);
        json.WriteString("type", type);
        json.WriteString("id", id);
    }
}
