using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Core.Identity;

namespace Gateway.Tasks;

/// <summary>Reads a request's JSON object, of which every member must be one that is asked for.</summary>
internal sealed class JsonBody
{
    private readonly JsonElement _root;

    private JsonBody(JsonElement root) => _root = root;

    /// <summary>What is wrong with a member that was read; null while nothing is.</summary>
    public string? Problem { get; private set; }

    /// <param name="request">Its body; an empty one is an object without members.</param>
    /// <param name="members">The names that it may have.</param>
    /// <param name="cancellationToken">The caller's going away.</param>
    /// <returns>The body, or what is wrong with it.</returns>
    public static async ValueTask<(JsonBody? Body, BodyProblem? Problem)> ReadAsync(HttpRequest request, IReadOnlyCollection<string> members, CancellationToken cancellationToken) =>
        await BoundedBody.ReadAsync(request.Body, BoundedBody.MaxRequestBytes, cancellationToken) switch
        {
            null => (null, BodyProblem.TooLarge),
            { Length: 0 } => Parse("{}"u8, members),
            { } body => Parse(body, members),
        };

    private static (JsonBody? Body, BodyProblem? Problem) Parse(ReadOnlySpan<byte> utf8, IReadOnlyCollection<string> members)
    {
        if (!StrictJson.TryParseObject(utf8, out var root))
        {
            return (null, new BodyProblem(false, "The body must be one JSON object in UTF-8, no name of it twice."));
        }

        return root.EnumerateObject().Any(p => !members.Contains(p.Name))
            ? (null, new BodyProblem(false, $"The body has a member that is not known here. It takes {string.Join(", ", members)}."))
            : (new JsonBody(root), null);
    }

    /// <summary>A text; null where it is absent or null, or, with <see cref="Problem"/>, not a text.</summary>
    public string? Text(string name)
    {
        if (!TryFind(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Problem ??= $"'{name}' must be a text.";
            return null;
        }

        return value.GetString();
    }

    /// <summary>A list of texts; null where it is absent or null, or, with <see cref="Problem"/>, something else.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (!TryFind(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
        {
            Problem ??= $"'{name}' must be a list of texts.";
            return null;
        }

        return [.. value.EnumerateArray().Select(e => e.GetString() ?? "")];
    }

    /// <summary>A span of time; null where it is absent or null, or, with <see cref="Problem"/>, something else.</summary>
    public TimeSpan? Duration(string name)
    {
        if (!TryFind(name, out var value))
        {
            return null;
        }

        if (DurationText.TryRead(value, out var duration))
        {
            return duration;
        }

        Problem ??= $"'{name}' {DurationText.Expected}";
        return null;
    }

    private bool TryFind(string name, [NotNullWhen(true)] out JsonElement value) =>
        _root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
