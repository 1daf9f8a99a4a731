using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Evaluation;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway policy explain --config FILE --request FILE</c>: how a call would be decided, and why.</summary>
internal static class PolicyExplainCommand
{
    private const string StandardInput = "-";

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var request = new Option<string>("--request", "-r") { Description = "The call, as JSON; - reads standard input.", HelpName = "FILE", Required = true };
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command("explain", "Decides a call as the gateway would, and says why; exits 0 for allow, 1 for deny, 2 for a mistake in the configuration or the request.")
        {
            config, request, json,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (result, cancellationToken) => CommandLine.TryReadOverrides(result, out var overrides)
            ? await ExplainAsync(new ConfigurationOrigin(result.GetRequiredValue(config).FullName, overrides), result.GetRequiredValue(request), result.GetValue(json), cancellationToken)
            : ExitCode.Usage);
        return command;
    }

    private static async Task<int> ExplainAsync(ConfigurationOrigin origin, string file, bool asJson, CancellationToken cancellationToken)
    {
        if (!StartupCheck.TryLoad(origin, out var plan))
        {
            return ExitCode.Usage;
        }

        if (plan.Options.Policy.Engine != PolicyEngineKind.Cedar)
        {
            StartupCheck.Print("error", [new ConfigurationError("Gateway:Policy:Engine", "is not Cedar: the decision point's own log explains its decisions, by the decision id in the call's record.")]);
            return ExitCode.Usage;
        }

        string text;
        try
        {
            text = file == StandardInput ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error: {file}: cannot be read ({exception.Message})");
            return ExitCode.Usage;
        }

        if (EvaluationRequestReader.Read(text, plan.Options, TimeProvider.System.GetUtcNow(), out var problems) is not { } request)
        {
            StartupCheck.Print("error", [.. problems.Select(problem => new ConfigurationError(file == StandardInput ? "request" : file, problem))]);
            return ExitCode.Usage;
        }

        var explanation = PolicyExplanation.Create(request, PolicyPlan.CreateEngine(plan).Trace(request));
        var isEnforced = plan.Options.Policy.Mode == PolicyMode.Enforce;
        Console.Write(asJson ? ToJson(explanation, isEnforced) : ExplanationText.Create(explanation, isEnforced));
        return explanation.Decision.Permitted ? ExitCode.Success : ExitCode.Failure;
    }

    private static string ToJson(PolicyExplanation explanation, bool isEnforced)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            PolicyExplanationWriter.Write(writer, explanation, isEnforced);
        }

        return $"{Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length)}\n";
    }
}
