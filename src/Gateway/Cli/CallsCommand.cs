using System.CommandLine;
using System.Text.Json;
using Gateway.Calls;
using Gateway.Core.Audit.Index;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway calls</c>: looks for calls in the log's files, or asks a running gateway, which has an index.</summary>
internal sealed class CallsCommand
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(10);

    // Without a default: what decides between the files and a gateway is whether it is given.
    private readonly Option<string> _address = new("--admin") { Description = "Ask the running gateway with this admin listener instead of reading the files.", HelpName = "URL" };
    private readonly Option<DirectoryInfo?> _directory = new("--directory") { Description = "The call log's directory; default is the configuration's.", HelpName = "DIR" };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on with calls as they are made, oldest first: from now, or from --since on." };
    private readonly Option<bool> _json = new("--json") { Description = "The events as they are in the log, one a line." };
    private readonly Option<string?>[] _filters =
    [
        new("--agent") { Description = "Only this agent's; of calls refused for their identity, who they claimed to be." },
        new("--tool") { Description = "Only calls of this tool." },
        new("--decision") { Description = "allow or deny." },
        new("--reason") { Description = "Only calls refused for this, such as policy_denied." },
        new("--task") { Description = "Only this task's." },
        new("--since") { Description = "Only calls that began then or later: 2026-11-21T22:30:00Z, or how long ago: 90s, 15m, 24h." },
        new("--until") { Description = "Only calls that began before." },
        new("--limit") { Description = $"How many at most, 1 to {CallFilterText.MaxLimit}; default {CallFilterText.DefaultLimit}." },
    ];
    private readonly AdminOptionSet _options;

    private CallsCommand()
    {
        _options = new AdminOptionSet(_address, CommandLine.ConfigOption(), AdminClient.DataOption());
    }

    public static Command Create()
    {
        var verb = new CallsCommand();
        var command = verb._options.AddTo(new Command("calls", "What agents called, newest first, from the call log.") { verb._directory, verb._follow, verb._json });
        foreach (var filter in verb._filters)
        {
            command.Add(filter);
        }

        command.SetAction(verb.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var asked = _filters
            .Where(filter => result.GetValue(filter) is not null)
            .Select(filter => KeyValuePair.Create(filter.Name.TrimStart('-'), result.GetValue(filter) ?? ""))
            .ToList();
        var isFollowing = result.GetValue(_follow);
        var problem = new CallFilterText(TimeProvider.System).Read(asked, out var question)
            ?? (isFollowing && asked.Exists(parameter => parameter.Key == "limit") ? "--limit is for a list; --follow has no end." : null)
            ?? (result.GetValue(_directory) is not null && result.GetValue(_address) is not null ? "give --directory or --admin, not both." : null);
        if (problem is not null)
        {
            await Console.Error.WriteLineAsync($"gateway: {problem}");
            return ExitCode.Usage;
        }

        Action<string> print = result.GetValue(_json) ? Console.WriteLine : line => Console.WriteLine(CallText.Of(line));
        try
        {
            return result.GetValue(_address) is null
                ? await ReadFilesAsync(result, question, isFollowing, print, cancellationToken)
                : await AdminClient.RunAsync(result, _options, client => isFollowing
                    ? FollowAsync(client, Query(asked), print, cancellationToken)
                    : client.SendAsync(HttpMethod.Get, $"/v1/calls?{Query(asked)}", null, answer => Print(answer, print), cancellationToken));
        }
        catch (OperationCanceledException) when (isFollowing && cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Success; // Ctrl+C is how following ends
        }
    }

    private async Task<int> ReadFilesAsync(ParseResult result, CallQuestion question, bool isFollowing, Action<string> print, CancellationToken cancellationToken)
    {
        try
        {
            var directory = result.GetValue(_directory)?.FullName
                ?? PlanLoader.CallLogDirectory(new ConfigurationOrigin(result.GetRequiredValue(_options.Config).FullName, []));
            if (!Directory.Exists(directory))
            {
                throw new FormatException($"there is no call log in {directory}: name its directory with --directory, the gateway's configuration with --config, or a running gateway with --admin.");
            }

            var scan = new CallLogScan(directory, question.Filter, TimeProvider.System);
            if (isFollowing)
            {
                await foreach (var line in scan.FollowAsync(cancellationToken))
                {
                    print(line);
                }
            }

            foreach (var line in scan.Newest().Take(question.Limit))
            {
                cancellationToken.ThrowIfCancellationRequested();
                print(line);
            }

            return ExitCode.Success;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"gateway: {exception.Message}");
            return ExitCode.Usage;
        }
    }

    /// <summary>Goes on behind the last event wherever a stream ends, and, once there was one, however long the gateway is away.</summary>
    private static async Task<int> FollowAsync(AdminClient client, string query, Action<string> print, CancellationToken cancellationToken)
    {
        var (last, wasServed, delay) = ("", false, FirstDelay);
        while (true)
        {
            try
            {
                var end = await client.StreamAsync($"/v1/calls/stream?{query}", last, print, cancellationToken);
                if (end.WasServed)
                {
                    (last, wasServed, delay) = (end.LastId, true, FirstDelay);
                }
                else if (!wasServed || !end.MayBeTriedAgain)
                {
                    return ExitCode.Failure;
                }
            }
            catch (Exception exception) when (wasServed && exception is (HttpRequestException or TaskCanceledException) && !cancellationToken.IsCancellationRequested)
            {
                // It was there before: it is being restarted.
            }

            await Task.Delay(delay, TimeProvider.System, cancellationToken);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LastDelay.Ticks));
        }
    }

    private static string Query(IEnumerable<KeyValuePair<string, string>> asked) =>
        string.Join('&', asked.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));

    private static void Print(JsonElement answer, Action<string> print)
    {
        foreach (var call in answer.GetProperty("calls").EnumerateArray())
        {
            print(call.GetRawText());
        }
    }
}
