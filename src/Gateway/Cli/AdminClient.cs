using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Gateway.Admin;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary>Asks a running gateway's admin API on behalf of a verb.</summary>
internal sealed class AdminClient : IDisposable
{
    private const string TokenVariable = "GATEWAY_ADMIN_TOKEN";

    private readonly HttpClient _http;

    private AdminClient(Uri address, string token)
    {
        // No proxy and no redirect: the token is for this address alone.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public static Option<string> AddressOption() => new("--admin")
    {
        Description = "The admin listener's URL.",
        DefaultValueFactory = _ => "http://127.0.0.1:8081",
        HelpName = "URL",
    };

    public static Option<DirectoryInfo?> DataOption() => new("--data")
    {
        Description = $"The gateway's data directory, for its admin-token; default is the configuration's. The variable {TokenVariable} comes first.",
        HelpName = "DIR",
    };

    /// <summary>Runs a verb against the gateway, and says what went wrong in words.</summary>
    public static async Task<int> RunAsync(ParseResult result, AdminOptionSet options, Func<AdminClient, Task<int>> action)
    {
        var text = result.GetRequiredValue(options.Address);
        try
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw new FormatException("--admin takes a URL such as http://127.0.0.1:8081.");
            }

            using var client = new AdminClient(address, await TokenAsync(result.GetValue(options.Data), result.GetRequiredValue(options.Config)));
            return await action(client);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"gateway: {text} does not answer; is the gateway running, and is this its admin listener?");
            return ExitCode.Failure;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"gateway: {exception.Message}");
            return ExitCode.Usage;
        }
    }

    /// <summary>Asks, and hands what is answered to <paramref name="show"/>; a refusal is printed instead.</summary>
    /// <param name="method">The request's.</param>
    /// <param name="path">With its query.</param>
    /// <param name="body">Writes the members of the request's object; null where it has no body.</param>
    /// <param name="show">Prints the answer.</param>
    /// <param name="cancellationToken">The user's Ctrl+C.</param>
    public async Task<int> SendAsync(HttpMethod method, string path, Action<Utf8JsonWriter>? body, Action<JsonElement> show, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            using var buffer = new MemoryStream();
            await using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                body(json);
                json.WriteEndObject();
            }

            request.Content = new StringContent(Encoding.UTF8.GetString(buffer.ToArray()), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!TryParse(text, out var answer))
        {
            await Console.Error.WriteLineAsync($"gateway: {_http.BaseAddress} answered {(int)response.StatusCode} with something that is not JSON; is this the admin listener?");
            return ExitCode.Failure;
        }

        if (!response.IsSuccessStatusCode)
        {
            await Console.Error.WriteLineAsync($"gateway: {Text(answer, "title")}: {Text(answer, "detail")}");
            return ExitCode.Failure;
        }

        show(answer);
        return ExitCode.Success;
    }

    /// <summary>Reads server-sent events until the gateway ends them.</summary>
    /// <param name="path">With its query.</param>
    /// <param name="lastId">The id of the last event that was read before; empty for none.</param>
    /// <param name="show">Prints an event's data.</param>
    /// <param name="cancellationToken">The user's Ctrl+C.</param>
    /// <returns>How it ended. A refusal was printed.</returns>
    public async Task<StreamEnd> StreamAsync(string path, string lastId, Action<string> show, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastId.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            using var reader = new StreamReader(body);
            var problem = TryParse(await reader.ReadToEndAsync(cancellationToken), out var answer) ? answer : default;
            await Console.Error.WriteLineAsync($"gateway: {Text(problem, "title")}: {Text(problem, "detail")}");
            return new StreamEnd(response.StatusCode, lastId);
        }

        // Its id moves with heartbeats too, which are no events (WHATWG HTML, section 9.2.6).
        var events = SseParser.Create(body);
        try
        {
            await foreach (var item in events.EnumerateAsync(cancellationToken))
            {
                show(item.Data);
            }
        }
        catch (IOException)
        {
            // The connection broke; whoever asks goes on behind the last event.
        }

        return new StreamEnd(response.StatusCode, events.LastEventId.Length > 0 ? events.LastEventId : lastId);
    }

    /// <summary>A member of an answer as text; empty where it is absent.</summary>
    public static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.ToString() : "";

    /// <summary>Prints an answer as it came, over several lines.</summary>
    public static void PrintWhole(JsonElement answer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            answer.WriteTo(json);
        }

        Console.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    public void Dispose() => _http.Dispose();

    private static async Task<string> TokenAsync(DirectoryInfo? data, FileInfo config)
    {
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
        {
            return token.Trim();
        }

        var directory = data?.FullName ?? PlanLoader.DataDirectory(new ConfigurationOrigin(config.FullName, []));
        var path = Path.Combine(directory, AdminToken.FileName);
        return File.Exists(path)
            ? (await File.ReadAllTextAsync(path)).Trim()
            : throw new FormatException($"there is no token: set {TokenVariable}, or name the gateway's data directory with --data or its configuration with --config ({path} does not exist).");
    }

    private static bool TryParse(string text, out JsonElement answer)
    {
        try
        {
            answer = JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            answer = default;
            return false;
        }
    }
}
