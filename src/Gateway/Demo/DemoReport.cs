using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Tasks;
using Spectre.Console;

namespace Gateway.Demo;

/// <summary>Prints the demo for a reader who sees the gateway for the first time: 80 columns, colours only on a terminal.</summary>
internal sealed class DemoReport(IAnsiConsole console)
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Introduce(Uri gateway)
    {
        console.MarkupLine("[bold]Gateway demo[/]");
        console.MarkupLine("An agent that holds a workload token, and no credential, calls a notes API");
        console.MarkupLineInterpolated($"through the gateway at {gateway}.");
        console.MarkupLine("The API accepts only short-lived tokens, which the gateway obtains and injects.");
        console.WriteLine();
    }

    public void ShowStart(string task)
    {
        console.MarkupLine("The agent starts a task and names it in every call. Whatever the gateway");
        console.MarkupLine("obtains for these calls is issued for this task alone, and ends with it.");
        Row("agent sent", ["POST /.gateway/tasks"]);
        Row("agent got", [$"task {task}"]);
        console.WriteLine();
    }

    /// <param name="task">The task's id.</param>
    /// <param name="receipt">What the gateway says became of it.</param>
    /// <param name="status">How the API answers the credential now.</param>
    public void ShowEnd(string task, DemoReceipt receipt, int status)
    {
        console.MarkupLine("The agent ends its task, and the gateway accounts for every credential of it.");
        Row("agent sent", [$"POST /.gateway/tasks/{task}/end"]);
        Row("agent got", ["this receipt:"]);
        console.WriteLine();
        var shown = receipt.Body.DeepClone();
        shown["signature"] = Shorten((string?)shown["signature"] ?? "");
        foreach (var line in shown.ToJsonString(Pretty).Split('\n'))
        {
            console.MarkupLineInterpolated($"   {line}");
        }

        console.WriteLine();
        Row("signature", [receipt.Verifies ? $"verifies with {AuditKeyStore.PublicName}" : "DOES NOT VERIFY"]);
        Row("credential", [
            "the one that the gateway used, tried at the API directly:",
            status == StatusCodes.Status401Unauthorized ? $"{status}, it is dead" : $"{status}, NOT AS EXPECTED",
        ]);
        console.WriteLine();
    }

    public void Show(int number, DemoCall call, DemoOutcome outcome)
    {
        var expected = outcome.IsAsExpected(call);
        var verdict = call.Reason is null ? "[green]allowed[/]" : "[yellow]refused[/]";
        console.MarkupLine($"[bold]{number}  {Markup.Escape(call.Title)}[/]: {(expected ? verdict : "[red]NOT AS EXPECTED[/]")}");

        Row("agent sent", [$"{call.Method} {call.Path}", .. outcome.Sent]);
        Row("upstream saw", outcome.Sighting is { } seen ? [seen.Request, $"Authorization: {Mask(seen.Authorization)} (injected)"] : ["nothing"]);
        Row("decision", [Decision(call, outcome)]);
        Row("agent got", [$"{outcome.Status}, call {outcome.CallId}"]);
        Row("call log", [Summary(outcome.Record)]);
        console.WriteLine();
    }

    public void Conclude(bool asExpected) =>
        console.MarkupLine(asExpected
            ? "[green]All five went as they should.[/] The agent never saw the injected token."
            : "[red]Not all five went as they should.[/]");

    public void Invite(DemoSetup setup)
    {
        var token = setup.Issuer.IssueAgentToken(DemoSetup.Agent);
        console.WriteLine();
        console.MarkupLine("Still serving. Try it (the token holds for five minutes), and stop with Ctrl+C:");
        console.WriteLine();

        // Not through the console's wrapping: the line is there to be copied.
        console.Profile.Out.Writer.WriteLine($"curl -i {new Uri(setup.Url, "/notes-api/notes/7")} -H 'Authorization: Bearer {token}'");
        console.WriteLine();
        console.MarkupLineInterpolated($"Configuration: {setup.Configuration}");
        console.MarkupLineInterpolated($"Call log:      {setup.CallLog.Directory}");
    }

    private void Row(string label, IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            console.MarkupLineInterpolated($"   [dim]{label,-12}[/]  {line}");
            label = "";
        }
    }

    private static string Decision(DemoCall call, DemoOutcome outcome)
    {
        if (call.Reason is "identity_invalid" or "task_ended")
        {
            return $"not asked: {(call.IsForged ? "the signature does not verify" : "the task has ended")}";
        }

        var policies = outcome.Record.ValueKind == JsonValueKind.Object && outcome.Record.TryGetProperty("authorizations", out var list)
            ? string.Join(", ", list.EnumerateArray().Select(a => a.GetProperty("policy").GetProperty("uid").GetString()))
            : "";
        return $"{(call.Reason is null ? "allow" : "deny")} by policy {policies}";
    }

    private static string Summary(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            return "no record";
        }

        var sequence = record.GetProperty("metadata").GetProperty("sequence").GetInt64();
        var action = record.TryGetProperty("action", out var value) ? $"{value.GetString()}, " : "";
        return $"#{sequence} OCSF {record.GetProperty("class_uid").GetInt32()} {record.GetProperty("activity_name").GetString()}: {action}{record.GetProperty("status").GetString()}";
    }

    private static string Shorten(string text) => text.Length <= 24 ? text : text[..24] + "…";

    /// <summary>Shows where a credential comes from, and not what it is.</summary>
    private static string Mask(string authorization) => authorization.Length <= 16 ? "****" : authorization[..16] + "****";
}
