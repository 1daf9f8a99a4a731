using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Integrations.DecisionPoints;

namespace Gateway.Integrations.AuthZen;

/// <summary>Asks a decision point through the Access Evaluation API of OpenID AuthZEN 1.0.</summary>
/// <param name="point">The server.</param>
/// <param name="vocabulary">Agents and tools of the configuration that this engine belongs to.</param>
internal sealed class AuthZenPolicyEngine(DecisionPoint point, VocabularyWriter vocabulary) : IPolicyEngine
{
    /// <param name="url">The server's base URL.</param>
    public static Uri Endpoint(string url) => new($"{url.TrimEnd('/')}/access/v1/evaluation");

    public ValueTask<Decision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
        point.AskAsync(Question.Write(json => Write(json, request)), request.CallId, AuthZenAnswerReader.Read, cancellationToken);

    private void Write(Utf8JsonWriter json, AuthorizationRequest request)
    {
        json.WriteStartObject();
        json.WriteStartObject("subject");
        json.WriteString("type", VocabularyWriter.AgentType);
        json.WriteString("id", request.Agent.Id);
        json.WriteStartObject("properties");
        vocabulary.WriteAgent(json, request.Agent);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("action");
        json.WriteString("name", VocabularyWriter.ActionId(request));
        json.WriteStartObject("properties");
        VocabularyWriter.WriteAction(json, request);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("resource");
        json.WriteString("type", VocabularyWriter.ToolType);
        json.WriteString("id", request.Tool);
        json.WriteStartObject("properties");
        vocabulary.WriteTool(json, request.Tool);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("context");
        VocabularyWriter.WriteContext(json, request);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
