using System.CommandLine;
using System.Text.Json;

namespace Gateway.Cli;

/// <summary><c>gateway agents suspend | resume | list</c>, through the admin API.</summary>
internal static class AgentsCommand
{
    private const string PatternHelp = "An agent's id, or the beginning of several and '*' (corp:*), or a trust domain (spiffe://example.org).";

    public static Command Create() => new("agents", "Agents of a running gateway.") { Suspend(), Resume(), List() };

    private static Command Suspend()
    {
        var options = AdminOptionSet.Create();
        var agent = new Argument<string>("AGENT") { Description = PatternHelp };
        var reason = new Option<string>("--reason") { Description = "Why; it goes into the log.", Required = true };
        var command = options.AddTo(new Command("suspend", "Refuses further calls, cuts open streams, ends tasks and revokes leases.") { agent, reason });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Post,
            "/v1/agents/suspend",
            json =>
            {
                json.WriteString("agent", result.GetRequiredValue(agent));
                json.WriteString("reason", result.GetRequiredValue(reason));
            },
            PrintSuspensions,
            cancellationToken)));
        return command;
    }

    private static Command Resume()
    {
        var options = AdminOptionSet.Create();
        var agent = new Argument<string>("AGENT") { Description = "Exactly as it was suspended." };
        var command = options.AddTo(new Command("resume", "Lets agents call again; leases and tasks that ended stay so.") { agent });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Post, "/v1/agents/resume", json => json.WriteString("agent", result.GetRequiredValue(agent)), PrintSuspensions, cancellationToken)));
        return command;
    }

    private static Command List()
    {
        var options = AdminOptionSet.Create();
        var asJson = new Option<bool>("--json") { Description = "The admin API's answer." };
        var command = options.AddTo(new Command("list", "The agents that are registered or have called since the start.") { asJson });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Get, "/v1/agents", null, result.GetValue(asJson) ? AdminClient.PrintWhole : Print, cancellationToken)));
        return command;
    }

    private static void Print(JsonElement answer)
    {
        foreach (var agent in answer.GetProperty("agents").EnumerateArray())
        {
            var state = AdminClient.Text(agent, "suspended") == "True" ? "suspended" : $"{AdminClient.Text(agent, "tasks")} tasks";
            Console.WriteLine($"{AdminClient.Text(agent, "id")}\t{state}");
        }

        PrintSuspensions(answer);
    }

    private static void PrintSuspensions(JsonElement answer)
    {
        foreach (var suspension in answer.GetProperty("suspensions").EnumerateArray())
        {
            Console.WriteLine($"suspended: {AdminClient.Text(suspension, "agent")}\tsince {AdminClient.Text(suspension, "since")}\t{AdminClient.Text(suspension, "reason")}");
        }
    }
}
