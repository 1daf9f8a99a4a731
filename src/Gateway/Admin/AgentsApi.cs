using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Core.Tasks;
using Gateway.Hosting;
using Gateway.Tasks;

namespace Gateway.Admin;

/// <summary><c>/v1/agents</c>.</summary>
internal sealed class AgentsApi(AgentDirectory agents, AgentSuspender suspender, TaskRegistry tasks, SnapshotSource snapshots)
{
    private const int MaxReason = 512;
    private static readonly string[] SuspendMembers = ["agent", "reason"];
    private static readonly string[] ResumeMembers = ["agent"];

    /// <summary>The agents that are registered or have called, and the suspensions in force.</summary>
    public async ValueTask<AdminProblem?> ListAsync(HttpContext context, AdminCaller caller)
    {
        var ids = agents.Seen.Concat(snapshots.Current.Agents.Ids).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var running = tasks.All.Where(t => t.End is null).ToLookup(t => t.Definition.Agent, StringComparer.Ordinal);
        await JsonAnswer.WriteAsync(
            context.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("agents");
                foreach (var id in ids)
                {
                    json.WriteStartObject();
                    json.WriteString("id", id);
                    json.WriteBoolean("registered", snapshots.Current.Agents.Find(id) is not null);
                    json.WriteBoolean("suspended", agents.Find(id) is not null);
                    json.WriteNumber("tasks", running[id].Count());
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                WriteSuspensions(json);
                json.WriteEndObject();
            },
            context.RequestAborted);
        return null;
    }

    public async ValueTask<AdminProblem?> SuspendAsync(HttpContext context, AdminCaller caller)
    {
        var (body, problem) = await JsonBody.ReadAsync(context.Request, SuspendMembers, context.RequestAborted);
        if (body is null)
        {
            return AdminProblem.Malformed(problem);
        }

        if (!TryReadPattern(body, out var pattern, out var wrong))
        {
            return AdminProblem.Malformed(wrong);
        }

        if (pattern.NamesNobody)
        {
            return AdminProblem.Malformed("'agent' is no agent's id: write a whole one, or write '*' behind it to name all whose ids begin so.");
        }

        var reason = body.Text("reason") ?? "";
        if (body.Problem is not null || reason.Length is 0 or > MaxReason || reason.Any(char.IsControl))
        {
            return AdminProblem.Malformed($"'reason' takes 1 to {MaxReason} characters without control characters.");
        }

        // Whoever asked may go away: what was begun here is finished.
        await suspender.SuspendAsync(pattern, reason, caller.Name, CancellationToken.None);
        await AnswerAsync(context);
        return null;
    }

    public async ValueTask<AdminProblem?> ResumeAsync(HttpContext context, AdminCaller caller)
    {
        var (body, problem) = await JsonBody.ReadAsync(context.Request, ResumeMembers, context.RequestAborted);
        if (body is null)
        {
            return AdminProblem.Malformed(problem);
        }

        if (!TryReadPattern(body, out var pattern, out var wrong))
        {
            return AdminProblem.Malformed(wrong);
        }

        if (!await suspender.ResumeAsync(pattern, caller.Name, context.RequestAborted))
        {
            return AdminProblem.NotFound("Nobody is suspended by exactly this; GET /v1/agents lists the suspensions.");
        }

        await AnswerAsync(context);
        return null;
    }

    private static bool TryReadPattern(JsonBody body, [NotNullWhen(true)] out AgentPattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        var parsed = AgentPattern.TryParse(body.Text("agent") ?? "", out pattern, out var wrong);
        problem = body.Problem ?? (parsed ? null : $"'agent' {wrong}");
        return problem is null && parsed;
    }

    private ValueTask AnswerAsync(HttpContext context) => JsonAnswer.WriteAsync(
        context.Response,
        json =>
        {
            json.WriteStartObject();
            WriteSuspensions(json);
            json.WriteEndObject();
        },
        context.RequestAborted);

    private void WriteSuspensions(Utf8JsonWriter json)
    {
        json.WriteStartArray("suspensions");
        foreach (var suspension in agents.Suspensions)
        {
            json.WriteStartObject();
            json.WriteString("agent", suspension.Pattern.Text);
            json.WriteString("reason", suspension.Reason);
            json.WriteString("since", suspension.Since.UtcDateTime);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
