using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Core.Identity;

namespace Gateway.Tasks;

/// <summary>Reads a request's JSON object, of which every member must be one that is asked for.</summary>
internal sealed class JsonBody
{
    private const int MaxBytes = 64 * 1024;

    private readonly JsonElement _root;

    private JsonBody(JsonElement root) => _root = root;

    /// <summary>What is wrong with a member that was read; null while nothing is.</summary>
    public string? Problem { get; private set; }

    /// <param name="request">Its body; an empty one is an object without members.</param>
    /// <param name="members">The names that it may have.</param>
    /// <param name="cancellationToken">The caller's going away.</param>
    /// <returns>The body, or what is wrong with it.</returns>
    public static async ValueTask<(JsonBody? Body, string? Problem)> ReadAsync(HttpRequest request, IReadOnlyCollection<string> members, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes + 1);
        try
        {
            var length = await request.Body.ReadAtLeastAsync(buffer.AsMemory(0, MaxBytes + 1), MaxBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length > MaxBytes ? (null, $"The body is larger than {MaxBytes / 1024} KiB.") : Parse(length == 0 ? "{}"u8 : buffer.AsSpan(0, length), members);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static (JsonBody? Body, string? Problem) Parse(ReadOnlySpan<byte> utf8, IReadOnlyCollection<string> members)
    {
        if (!StrictJson.TryParseObject(utf8, out var root))
        {
            return (null, "The body must be one JSON object in UTF-8, no name of it twice.");
        }

        return root.EnumerateObject().Any(p => !members.Contains(p.Name))
            ? (null, $"The body has a member that is not known here. It takes {string.Join(", ", members)}.")
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

        Problem ??= $"'{name}' must be a span of time: seconds as a number, \"300s\", \"15m\", \"1h\" or \"00:15:00\".";
        return null;
    }

    private bool TryFind(string name, [NotNullWhen(true)] out JsonElement value) =>
        _root.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
