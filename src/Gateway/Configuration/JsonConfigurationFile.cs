using System.Text;
using System.Text.Json;

namespace Gateway.Configuration;

/// <summary>Reads a JSON file with comments and trailing commas, as ASP.NET Core's own configuration files have them.</summary>
/// <remarks>
/// The messages of <see cref="JsonException"/> quote what they choke on, which may be a secret without its quotes. Hence none of
/// them is passed on.
/// </remarks>
internal sealed class JsonConfigurationFile
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly byte[] _json;
    private readonly ConfigurationErrors _errors;

    private JsonConfigurationFile(byte[] json, ConfigurationErrors errors)
    {
        _json = json;
        _errors = errors;
    }

    /// <summary>Returns null where the file as a whole cannot be read; the reason is then among the errors.</summary>
    public static ConfigurationNode? Read(string file, ConfigurationErrors errors)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            errors.AddStructural(file, "the file does not exist: write the path of a JSON file behind --config.");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.AddStructural(file, "the file cannot be read: check that it is a file and that this user may read it.");
            return null;
        }

        if (json.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        return new JsonConfigurationFile(json, errors).ReadRoot(file);
    }

    private ConfigurationNode? ReadRoot(string file)
    {
        var root = new ConfigurationNode("", ConfigurationNodeKind.Object);
        var reader = new Utf8JsonReader(_json, Options);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                _errors.AddStructural(file, "the file must hold a JSON object: { \"Gateway\": { … } }.");
                return null;
            }

            ReadObject(ref reader, root);
            while (reader.Read())
            {
                // Comments may follow; anything else throws.
            }

            return root;
        }
        catch (JsonException exception)
        {
            var position = Position(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
            _errors.AddStructural(file, $"the file is not valid JSON at {position}: look there, and just before it, for a missing quote, comma or bracket.");
            return null;
        }
        catch (InvalidOperationException)
        {
            // GetString on text that is not UTF-8, or that has half of a surrogate pair.
            var before = _json.AsSpan(0, (int)reader.TokenStartIndex);
            var position = Position(before.Count((byte)'\n'), before.Length - (before.LastIndexOf((byte)'\n') + 1));
            _errors.AddStructural(file, $"the text at {position} is not valid Unicode: save the file as UTF-8.");
            return null;
        }
    }

    private void ReadObject(ref Utf8JsonReader reader, ConfigurationNode node)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString() ?? "";
            var path = ConfigurationNode.Combine(node.Path, name);
            if (node.Children.TryGetValue(name, out var first))
            {
                var line = 1 + _json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
                var same = first.Path == path ? "" : " (upper and lower case make no difference)";
                _errors.AddStructural(path, $"is written twice{same}, the second time in line {line}: remove one.");
                ReadValue(ref reader, path);
                continue;
            }

            if (name.Contains(':') && IsOurs(path) && !ConfigurationNode.HasForeignKeys(node.Path))
            {
                _errors.AddStructural(path, "has a colon in its name, which stands between keys: write one object inside the other, or use another character.");
                ReadValue(ref reader, path);
                continue;
            }

            node.Children.Add(name, ReadValue(ref reader, path));
        }
    }

    private ConfigurationNode ReadValue(ref Utf8JsonReader reader, string path)
    {
        reader.Read();
        return ReadCurrent(ref reader, path);
    }

    private ConfigurationNode ReadCurrent(ref Utf8JsonReader reader, string path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var table = new ConfigurationNode(path, ConfigurationNodeKind.Object);
                ReadObject(ref reader, table);
                return table;
            case JsonTokenType.StartArray:
                var list = new ConfigurationNode(path, ConfigurationNodeKind.List);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var index = list.Children.Count.ToString();
                    list.Children.Add(index, ReadCurrent(ref reader, ConfigurationNode.Combine(path, index)));
                }

                return list;
            case JsonTokenType.Null:
                return new ConfigurationNode(path, ConfigurationNodeKind.Null);
            default:
                var scalar = new ConfigurationNode(path, ConfigurationNodeKind.Scalar);
                var isText = reader.TokenType == JsonTokenType.String;
                scalar.Set(isText ? reader.GetString() ?? "" : Encoding.UTF8.GetString(reader.ValueSpan), isLiteral: !isText);
                return scalar;
        }
    }

    private static bool IsOurs(string path) => path.StartsWith("Gateway:", StringComparison.OrdinalIgnoreCase);

    private string Position(long line, long byteInLine)
    {
        var rest = _json.AsSpan();
        for (var skipped = 0L; skipped < line && rest.IndexOf((byte)'\n') is >= 0 and var end; skipped++)
        {
            rest = rest[(end + 1)..];
        }

        var column = Encoding.UTF8.GetCharCount(rest[..(int)Math.Min(byteInLine, rest.Length)]) + 1;
        return $"line {line + 1}, column {column}";
    }
}
