using System.CommandLine;
using System.Text.Json;

namespace Gateway.Cli;

/// <summary><c>gateway leases list | revoke</c>, through the admin API.</summary>
internal static class LeasesCommand
{
    public static Command Create() => new("leases", "Leases of a running gateway.") { List(), Revoke() };

    private static Command List()
    {
        var options = AdminOptionSet.Create();
        var state = new Option<string?>("--state") { Description = "live, owed (its revocation is being tried) or stuck (it needs an operator)." };
        var task = new Option<string?>("--task") { Description = "Only this task's." };
        var asJson = new Option<bool>("--json") { Description = "The admin API's answer." };
        var command = options.AddTo(new Command("list", "What is live, owed and stuck.") { state, task, asJson });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Get,
            $"/v1/leases?state={Uri.EscapeDataString(result.GetValue(state) ?? "")}&task={Uri.EscapeDataString(result.GetValue(task) ?? "")}",
            null,
            result.GetValue(asJson) ? AdminClient.PrintWhole : Print,
            cancellationToken)));
        return command;
    }

    private static Command Revoke()
    {
        var options = AdminOptionSet.Create();
        var id = new Argument<string>("ID");
        var command = options.AddTo(new Command("revoke", "Takes a lease out of use at once and has its issuer end it; the next call gets another one. Of one that is owed or stuck, tries again.") { id });
        command.SetAction((result, cancellationToken) => AdminClient.RunAsync(result, options, client => client.SendAsync(
            HttpMethod.Post,
            $"/v1/leases/{Uri.EscapeDataString(result.GetRequiredValue(id))}/revoke",
            null,
            answer => Console.WriteLine($"{AdminClient.Text(answer, "id")}\trevocation {AdminClient.Text(answer, "revocation")}\t{AdminClient.Text(answer, "residualExpiry")}".TrimEnd('\t')),
            cancellationToken)));
        return command;
    }

    private static void Print(JsonElement answer)
    {
        foreach (var lease in answer.GetProperty("leases").EnumerateArray())
        {
            var owed = AdminClient.Text(lease, "problem") is { Length: > 0 } problem ? $"\t{problem}" : "";
            Console.WriteLine(
                $"{AdminClient.Text(lease, "id")}\t{AdminClient.Text(lease, "state")}\t{AdminClient.Text(lease, "credential")}\t{AdminClient.Text(lease, "tool")}\t{AdminClient.Text(lease, "agent")}\t{AdminClient.Text(lease, "task")}{owed}");
        }
    }
}
