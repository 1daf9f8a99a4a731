using System.Net;
using System.Text.Json;
using Gateway.Configuration;
using Gateway.Core.Policy;

namespace Gateway.Evaluation;

/// <summary>Reads a question to policy that a person or program has written down.</summary>
/// <remarks>
/// Strict: a question that is not quite the one that was meant would get an answer that is not quite true. What the running
/// gateway could never ask, such as for a claim that the issuer's configuration hides, is a mistake too.
/// </remarks>
internal sealed class EvaluationRequestReader(GatewayOptions options, DateTimeOffset now)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private readonly List<string> _problems = [];

    /// <param name="json">The question.</param>
    /// <param name="options">The configuration that it is put to.</param>
    /// <param name="now">The time of the call, unless the question says another.</param>
    /// <param name="problems">Everything that is wrong with it, each with the member's name.</param>
    /// <returns>Null where there is a problem.</returns>
    public static AuthorizationRequest? Read(string json, GatewayOptions options, DateTimeOffset now, out IReadOnlyList<string> problems)
    {
        var reader = new EvaluationRequestReader(options, now);
        problems = reader._problems;
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            RequireUnicode(document.RootElement);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var request = reader.Read(new JsonMembers(document.RootElement, "", reader._problems));
                return reader._problems.Count == 0 ? request : null;
            }

            reader._problems.Add("The request must be a JSON object: write { \"agent\": \"…\", \"tool\": \"…\", \"operation\": \"…\" }.");
        }
        catch (JsonException exception)
        {
            reader._problems.Add($"The request is not JSON: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            reader._problems.Add("The request holds a text that is not Unicode: half of a surrogate pair.");
        }

        return null;
    }

    /// <summary>Reads every text once, so that none throws where it is used.</summary>
    /// <exception cref="InvalidOperationException">One is not Unicode.</exception>
    private static void RequireUnicode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    RequireUnicode(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    RequireUnicode(property.Value);
                }

                break;
        }
    }

    private AuthorizationRequest? Read(JsonMembers members)
    {
        var time = ReadTime(members);
        var agent = new AgentReader(options.Identity, time, _problems).Read(members);
        var toolName = members.RequiredText("tool", "the name of an entry of Gateway:Tools");
        var target = new TargetReader(members, _problems).Read(toolName, options.Tools);
        var intent = members.Text("intent");
        if (intent?.Any(character => char.IsControl(character) && character != '\t') == true)
        {
            members.Refuse("intent", "must hold no control characters.");
        }

        var contentLength = members.Number("contentLength") ?? 0;
        if (contentLength < -1)
        {
            members.Refuse("contentLength", "must be a number of bytes, or -1 where the request does not say.");
        }

        var contentType = members.Text("contentType");
        var address = ReadAddress(members);
        var (task, history) = (PastReader.ReadTask(members), PastReader.ReadHistory(members));
        members.RefuseOthers();
        return agent is null || target is null ? null : new AuthorizationRequest
        {
            Agent = agent,
            Tool = toolName,
            Operation = target.Operation,
            Method = target.Method,
            Path = target.Path,
            Query = target.Query,
            Parameters = target.Parameters,
            ContentType = contentType,
            ContentLength = contentLength,
            SourceIp = address,
            Intent = intent,
            Task = task,
            History = history,
            Now = time,
        };
    }

    private static IPAddress ReadAddress(JsonMembers members)
    {
        if (members.Text("sourceIp") is not { } text)
        {
            return IPAddress.Loopback;
        }

        // As the server's sockets say it: dotted quads in full, nothing shortened.
        if (IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text))
        {
            return address;
        }

        members.Refuse("sourceIp", "must be an IP address such as \"10.0.0.7\".");
        return IPAddress.Loopback;
    }

    private DateTimeOffset ReadTime(JsonMembers members)
    {
        if (members.Find("now") is not { } element)
        {
            return now;
        }

        // Without an offset it would mean another time on every machine.
        if (element.ValueKind == JsonValueKind.String && element.TryGetDateTimeOffset(out var time)
            && element.GetString() is { Length: > 19 } text && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 18))
        {
            return time;
        }

        members.Refuse("now", "must be a time with its offset such as \"2027-01-31T09:30:00Z\".");
        return now;
    }
}
