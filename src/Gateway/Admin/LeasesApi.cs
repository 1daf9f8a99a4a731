using System.Text.Json;
using Gateway.Core.Credentials;
using Gateway.Hosting;
using Gateway.Tasks;

namespace Gateway.Admin;

/// <summary><c>/v1/leases</c>.</summary>
internal sealed class LeasesApi(LeaseStore leases)
{
    /// <summary>What lives, what is owed and what is stuck; <c>?agent=</c>, <c>?task=</c>, <c>?tool=</c> and <c>?state=live|owed|stuck</c> narrow it.</summary>
    public async ValueTask<AdminProblem?> ListAsync(HttpContext context, AdminCaller caller)
    {
        var query = context.Request.Query;
        var (agent, task, tool, state) = (query["agent"].ToString(), query["task"].ToString(), query["tool"].ToString(), query["state"].ToString());
        if (state is not ("" or "live" or "owed" or "stuck"))
        {
            return AdminProblem.Malformed("'state' takes live, owed or stuck.");
        }

        var listed = leases.List(key => Matches(agent, key.Agent) && Matches(task, key.Task) && Matches(tool, key.Tool)).Where(l => Matches(state, Name(l.State)));
        await JsonAnswer.WriteAsync(
            context.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("leases");
                foreach (var lease in listed)
                {
                    Write(json, lease);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            },
            context.RequestAborted);
        return null;
    }

    /// <summary>Takes a lease out of use at once, and has its issuer end it as soon as it answers, if anything ends it there.</summary>
    public async ValueTask<AdminProblem?> RevokeAsync(HttpContext context, AdminCaller caller)
    {
        var id = context.Request.RouteValues["id"] as string ?? "";
        if (leases.Revoke(id, caller.Name) is not { } revoked)
        {
            return AdminProblem.NotFound("No lease that lives, is owed or is stuck has this id; GET /v1/leases lists them.");
        }

        await JsonAnswer.WriteAsync(
            context.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("id", id);
                json.WriteString("revocation", LeaseJournal.Name(revoked.Revocation));
                WriteTime(json, "residualExpiry", revoked.ResidualExpiry);
                json.WriteEndObject();
            },
            context.RequestAborted);
        return null;
    }

    private static bool Matches(string wanted, string value) => wanted.Length == 0 || wanted == value;

    private static string Name(LeaseState state) => state switch
    {
        LeaseState.Live => "live",
        LeaseState.Owed => "owed",
        _ => "stuck",
    };

    private static void Write(Utf8JsonWriter json, LeaseListing lease)
    {
        json.WriteStartObject();
        json.WriteString("id", lease.Lease);
        json.WriteString("state", Name(lease.State));
        json.WriteString("agent", lease.Key.Agent);
        if (lease.Key.Task.Length > 0)
        {
            json.WriteString("task", lease.Key.Task);
        }

        json.WriteString("tool", lease.Key.Tool);
        json.WriteString("credential", lease.Key.Credential);
        if (lease.Key.Scope.Length > 0)
        {
            json.WriteString("scope", lease.Key.Scope);
        }

        WriteTime(json, "issuedAt", lease.IssuedAt);
        WriteTime(json, "expiresAt", lease.ExpiresAt);
        if (lease.Uses is { } uses)
        {
            json.WriteNumber("uses", uses);
        }

        if (lease.Kind is { } kind)
        {
            json.WriteString("owes", kind);
            json.WriteNumber("attempts", lease.Attempts);
            WriteTime(json, "nextAttemptAt", lease.NextAttemptAt);
        }

        if (lease.Problem is { } problem)
        {
            json.WriteString("problem", problem);
        }

        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known.UtcDateTime);
        }
    }
}
