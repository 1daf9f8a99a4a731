using System.Text.Json;
using Spectre.Console;

namespace Gateway.Demo;

/// <summary>Prints the demo for a reader who sees the gateway for the first time: 80 columns, colours only on a terminal.</summary>
internal sealed class DemoReport(IAnsiConsole console)
{
    public void Introduce(Uri gateway)
    {
        console.MarkupLine("[bold]Gateway demo[/]");
        console.MarkupLine("An agent that holds a workload token, and no credential, calls a notes API through");
        console.MarkupLineInterpolated($"the gateway at {gateway}. The API accepts only tokens that the gateway obtains.");
        console.WriteLine();
    }

    public void Show(int number, DemoCall call, DemoOutcome outcome)
    {
        var expected = outcome.IsAsExpected(call);
        var verdict = call.Reason is null ? "[green]allowed[/]" : "[yellow]refused[/]";
        console.MarkupLine($"[bold]{number}  {Markup.Escape(call.Title)}[/]: {(expected ? verdict : "[red]NOT AS EXPECTED[/]")}");

        var grid = new Grid { Width = 80 };
        grid.AddColumn(new GridColumn { NoWrap = true, Width = 15, Padding = new Padding(3, 0, 1, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        Row(grid, "agent sent", $"{call.Request.Method} {call.Request.RequestUri?.AbsolutePath}", [.. call.Shown]);
        if (outcome.Sighting is { } seen)
        {
            Row(grid, "upstream saw", seen.Request, $"Authorization: {Mask(seen.Authorization)} (injected)");
        }
        else
        {
            Row(grid, "upstream saw", "nothing");
        }

        Row(grid, "decision", Decision(call, outcome));
        Row(grid, "agent got", $"{outcome.Status}, call {outcome.CallId}");
        Row(grid, "call log", Summary(outcome.Record));
        console.Write(grid);
        console.WriteLine();
    }

    public void Conclude(bool asExpected, DemoSetup setup)
    {
        console.MarkupLine(asExpected
            ? "[green]All five went as they should.[/] The agent never saw the token that the API accepted."
            : "[red]Not all five went as they should.[/]");
        console.MarkupLineInterpolated($"Call log: {setup.CallLog.Directory}");
    }

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
    }

    private static void Row(Grid grid, string label, params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            grid.AddRow(new Text(label, new Style(decoration: Decoration.Dim)), new Text(line));
            label = "";
        }
    }

    private static string Decision(DemoCall call, DemoOutcome outcome)
    {
        if (call.Reason is "identity_invalid")
        {
            return "not asked: the signature does not verify";
        }

        var policies = outcome.Record.ValueKind == JsonValueKind.Object && outcome.Record.TryGetProperty("authorizations", out var list)
            ? string.Join(", ", list.EnumerateArray().Select(a => a.GetProperty("policy").GetProperty("uid").GetString()))
            : "";
        return $"{(call.Reason is null ? "allow" : "deny")} by policy {policies}";
    }

    private static string Summary(JsonElement record) => record.ValueKind != JsonValueKind.Object
        ? "no record"
        : $"#{record.GetProperty("metadata").GetProperty("sequence").GetInt64()} OCSF {record.GetProperty("class_uid").GetInt32()} {record.GetProperty("activity_name").GetString()}: {record.GetProperty("action").GetString()}, {record.GetProperty("status").GetString()}";

    /// <summary>Shows where a credential comes from, and not what it is.</summary>
    private static string Mask(string authorization) => authorization.Length <= 16 ? "****" : authorization[..16] + "****";
}
