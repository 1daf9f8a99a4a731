using System.Text.Json;
using Gateway.Configuration;
using Gateway.Tasks;

namespace Gateway.Evaluation;

/// <summary>Reads a JSON object member by member, and says of each that is missing, wrong or unknown what to write instead.</summary>
internal sealed class JsonMembers(JsonElement element, string path, ICollection<string> problems)
{
    private readonly List<string> _known = [];

    public bool Has(string name) => element.TryGetProperty(name, out _);

    public string Name(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public string? Text(string name) => Find(name, JsonValueKind.String, "a text") is { } found ? found.GetString() : null;

    /// <returns>Empty, having said so, where it is missing.</returns>
    public string RequiredText(string name, string expects)
    {
        var text = Text(name);
        if (!Has(name) || text is "")
        {
            Refuse(name, $"is required: write {expects}.");
        }

        return text ?? "";
    }

    public long? Number(string name)
    {
        if (Find(name, JsonValueKind.Number, "a whole number") is not { } found)
        {
            return null;
        }

        if (found.TryGetInt64(out var number))
        {
            return number;
        }

        Refuse(name, "must be a whole number.");
        return null;
    }

    /// <summary>A whole number of things.</summary>
    public int? Count(string name)
    {
        var number = Number(name);
        if (number is null or (>= 0 and <= int.MaxValue))
        {
            return (int?)number;
        }

        Refuse(name, "must be a whole number from 0 on.");
        return null;
    }

    public TimeSpan? Duration(string name)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }

        if (DurationText.TryRead(found, out var duration))
        {
            return duration;
        }

        Refuse(name, DurationText.Expected);
        return null;
    }

    public IReadOnlyList<string>? Texts(string name)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }

        if (found.ValueKind == JsonValueKind.Array && found.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
        {
            return [.. found.EnumerateArray().Select(item => item.GetString() ?? "")];
        }

        Refuse(name, "must be a list of texts.");
        return null;
    }

    public bool? Flag(string name)
    {
        var found = Find(name);
        if (found is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
        {
            Refuse(name, "must be true or false.");
            return null;
        }

        return found?.GetBoolean();
    }

    /// <returns>Null where it is absent, or, having said so, no object.</returns>
    public JsonMembers? Object(string name) => Find(name, JsonValueKind.Object, "an object") is { } found ? new JsonMembers(found, Name(name), problems) : null;

    public IReadOnlyList<JsonProperty> Table(string name) => Find(name, JsonValueKind.Object, "an object") is { } found ? [.. found.EnumerateObject()] : [];

    public JsonElement? Find(string name)
    {
        _known.Add(name);
        return element.TryGetProperty(name, out var found) ? found : null;
    }

    public void Refuse(string name, string problem) => problems.Add($"{Name(name)} {problem}");

    /// <summary>Refuses the members that nobody has asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var property in element.EnumerateObject().Where(property => !_known.Contains(property.Name, StringComparer.Ordinal)))
        {
            var nearest = NearestName.Find(property.Name, _known);
            Refuse(property.Name, nearest is null ? $"is not a known member; known here are {string.Join(", ", _known)}." : $"is not a known member; did you mean {nearest}?");
        }
    }

    private JsonElement? Find(string name, JsonValueKind kind, string expects)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }

        if (found.ValueKind == kind)
        {
            return found;
        }

        Refuse(name, $"must be {expects}.");
        return null;
    }
}
