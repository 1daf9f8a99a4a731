using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Core.Identity;
using Gateway.Core.Tasks;
using Gateway.Hosting;
using Gateway.Pipeline;
using Gateway.Tasks;

namespace Gateway.AgentApi;

/// <summary>Tells an agent who it is to the gateway, and what it could call.</summary>
/// <remarks>A call like any other: it has its record, without a tool.</remarks>
internal sealed class WhoamiEndpoint(TaskRegistry tasks) : IAgentEndpoint
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Name => "whoami";

    public string Template => "GET /whoami";

    public async ValueTask<Verdict> AnswerAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Agent is not { } agent)
        {
            return default;
        }

        if (!TaskHeader.TryFind(call.Http.Request, agent, tasks, out var task, out var refusal))
        {
            return Verdict.Refuse(refusal);
        }

        var body = new ArrayBufferWriter<byte>(1024);
        await using (var json = new Utf8JsonWriter(body, Plain))
        {
            var registration = call.Snapshot.Agents.Find(agent.Id);
            json.WriteStartObject();
            json.WriteString("agent", agent.Id);
            json.WriteString("issuer", agent.Issuer);
            json.WriteString("method", agent.Method);
            json.WriteBoolean("proofOfPossession", agent.ProofOfPossession);
            json.WriteString("expiresAt", agent.ExpiresAt.UtcDateTime);
            json.WriteStartArray("groups");
            foreach (var group in registration?.Groups ?? [])
            {
                json.WriteStringValue(group);
            }

            json.WriteEndArray();
            json.WriteStartObject("labels");
            foreach (var (name, value) in registration?.Labels ?? new Dictionary<string, string>())
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            WriteTask(json, task);
            WriteTools(json, call.Snapshot, agent);
            json.WriteEndObject();
        }

        var response = call.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(body.WrittenMemory, cancellationToken);
        return Verdict.Answered;
    }

    private static void WriteTask(Utf8JsonWriter json, AgentTask? task)
    {
        json.WritePropertyName("task");
        if (task is null)
        {
            json.WriteNullValue();
        }
        else
        {
            TaskJson.Write(json, task.Definition, task.End, task.Calls);
        }
    }

    private static void WriteTools(Utf8JsonWriter json, GatewaySnapshot snapshot, AgentIdentity agent)
    {
        json.WriteStartArray("tools");
        foreach (var tool in CallableTools.Of(snapshot, agent))
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteString("path", tool.Path);
            json.WriteStartArray("operations");
            foreach (var operation in tool.Operations)
            {
                json.WriteStringValue(operation);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
