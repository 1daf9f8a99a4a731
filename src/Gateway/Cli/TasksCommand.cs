using System.CommandLine;
using System.Text.Json;

namespace Gateway.Cli;

/// <summary><c>gateway tasks start | end | list | receipt</c>, through the admin API.</summary>
internal static class TasksCommand
{
    public static Command Create() => new("tasks", "Tasks of a running gateway.") { Start(), End(), List(), Receipt() };

    private static Command Start()
    {
        var options = AdminOptionSet.Create();
        var agent = new Option<string>("--agent") { Description = "The only agent that may use it.", Required = true };
        var purpose = new Option<string>("--purpose") { Description = "What it is for.", Required = true };
        var lifetime = new Option<string?>("--lifetime") { Description = "300s, 15m, 1h or 00:15:00; default is the configuration's." };
        var tools = new Option<string[]>("--tool") { Description = "A tool that it may use; may be repeated. Default is every tool that policy permits." };
        var user = new Option<string?>("--user") { Description = "On whose behalf." };
        var parent = new Option<string?>("--parent") { Description = "The task that it is a part of." };
        var command = options.AddTo(new Command("start", "Starts a task and prints its id.") { agent, purpose, lifetime, tools, user, parent });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Post,
            "/v1/tasks",
            json =>
            {
                json.WriteString("agent", result.GetRequiredValue(agent));
                json.WriteString("purpose", result.GetRequiredValue(purpose));
                WriteOptional(json, "lifetime", result.GetValue(lifetime));
                WriteOptional(json, "user", result.GetValue(user));
                WriteOptional(json, "parent", result.GetValue(parent));
                if (result.GetValue(tools) is { Length: > 0 } names)
                {
                    json.WriteStartArray("tools");
                    foreach (var name in names)
                    {
                        json.WriteStringValue(name);
                    }

                    json.WriteEndArray();
                }
            },
            answer => Console.WriteLine(AdminClient.Text(answer, "id")),
            cancellationToken)));
        return command;
    }

    private static Command End()
    {
        var options = AdminOptionSet.Create();
        var id = new Argument<string>("ID");
        var reason = new Option<string>("--reason") { Description = "completed, interrupted or killed.", DefaultValueFactory = _ => "completed" };
        var command = options.AddTo(new Command("end", "Ends a task, and all that is a part of it, and prints the receipt.") { id, reason });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Post,
            $"/v1/tasks/{Uri.EscapeDataString(result.GetRequiredValue(id))}/end",
            json => json.WriteString("reason", result.GetRequiredValue(reason)),
            AdminClient.PrintWhole,
            cancellationToken)));
        return command;
    }

    private static Command List()
    {
        var options = AdminOptionSet.Create();
        var agent = new Option<string?>("--agent") { Description = "Only this agent's." };
        var status = new Option<string?>("--status") { Description = "running or ended." };
        var asJson = new Option<bool>("--json") { Description = "The admin API's answer." };
        var command = options.AddTo(new Command("list", "Tasks that run, and those that ended within the last hour.") { agent, status, asJson });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Get,
            $"/v1/tasks?agent={Uri.EscapeDataString(result.GetValue(agent) ?? "")}&status={Uri.EscapeDataString(result.GetValue(status) ?? "")}",
            null,
            result.GetValue(asJson) ? AdminClient.PrintWhole : Print,
            cancellationToken)));
        return command;
    }

    private static Command Receipt()
    {
        var options = AdminOptionSet.Create();
        var id = new Argument<string>("ID");
        var command = options.AddTo(new Command("receipt", "What became of a task that has ended, and of its leases.") { id });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Get, $"/v1/tasks/{Uri.EscapeDataString(result.GetRequiredValue(id))}/receipt", null, AdminClient.PrintWhole, cancellationToken)));
        return command;
    }

    private static void Print(JsonElement answer)
    {
        foreach (var task in answer.GetProperty("tasks").EnumerateArray())
        {
            var state = AdminClient.Text(task, "status") == "running" ? $"until {AdminClient.Text(task, "expiresAt")}" : $"{AdminClient.Text(task, "reason")} {AdminClient.Text(task, "endedAt")}";
            Console.WriteLine($"{AdminClient.Text(task, "id")}\t{AdminClient.Text(task, "agent")}\t{state}\t{AdminClient.Text(task, "purpose")}");
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
