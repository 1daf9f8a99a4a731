using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Cedar.Tests.Oracle;

/// <summary>Makes entities and requests, some of them with attributes missing or of the wrong type.</summary>
internal sealed class RequestGenerator(Random random)
{
    private static readonly string[] Ids = ["a", "b", "c", "red", "\u00e9*\"", ""];

    public static string Uid(string type, string id) => JsonSerializer.Serialize(new { type, id });

    public string Principal() => Uid(Pick("User", "User", "User", "User", "User", "Group"), Pick(Ids));

    public string Resource() => Uid(Pick("Doc", "Doc", "Doc", "Doc", "Color", "Sub::Thing"), Pick(Ids));

    public string Action() => random.Next(9) == 0 ? Uid("Sub::Action", "use") : Uid("Action", Pick("write", "write", "read it", "paint", "all"));

    public string Entities()
    {
        var entities = new JsonArray();
        foreach (var id in Ids)
        {
            if (random.Next(4) > 0)
            {
                entities.Add(Entity("User", id, Parents("Group"), User(), Tags(() => JsonValue.Create(Pick("x", "y")))));
            }

            if (random.Next(3) > 0)
            {
                entities.Add(Entity("Doc", id, Parents("Folder"), Doc(), Tags(() => new JsonArray(1, random.Next(5)))));
            }
        }

        entities.Add(Entity("Group", "a", [Reference("Group", "b")], new() { ["level"] = 1 }, null));
        entities.Add(Entity("Group", "b", [], new() { ["level"] = "wrong" }, null));
        foreach (var action in (string[])["write", "read it", "paint"])
        {
            entities.Add(Entity("Action", action, [Reference("Action", "all")], [], null));
        }

        return entities.ToJsonString();
    }

    public string Context()
    {
        var context = new JsonObject();
        Maybe(context, "n", () => random.Next(-3, 50));
        Maybe(context, "s", () => Pick("x", "abc*", ""));
        Maybe(context, "ip", () => Extension("ip", Pick("1.2.3.4", "10.1.2.3", "::1")));
        Maybe(context, "who", () => Escaped("User", Pick(Ids)));
        Maybe(context, "nested", () =>
        {
            var nested = new JsonObject();
            Maybe(nested, "flag", () => random.Next(2) == 0);
            Maybe(nested, "when", () => Extension("datetime", "2024-03-01"));
            return nested;
        });
        return context.ToJsonString();
    }

    private JsonObject User()
    {
        var user = new JsonObject();
        Maybe(user, "name", () => Pick("x", "abc*", "b c"));
        Maybe(user, "age", () => random.Next(-2, 60));
        Maybe(user, "manager", () => Escaped("User", Pick(Ids)));
        Maybe(user, "labels", () => new JsonArray("x", Pick("a", "x")));
        Maybe(user, "home", () => new JsonObject { ["city"] = "x", ["zip"] = random.Next(3) });
        Maybe(user, "work", () => new JsonObject { ["city"] = "y" });
        Maybe(user, "ip", () => Extension("ip", Pick("1.2.3.4", "10.0.0.0/8", "ff00::1")));
        Maybe(user, "score", () => Extension("decimal", Pick("1.0", "-1.5")));
        Maybe(user, "since", () => Extension("datetime", Pick("2024-02-29", "1970-01-01T00:00:00Z")));
        Maybe(user, "shift", () => Extension("duration", Pick("1d", "-1ms", "0ms")));
        Maybe(user, "groups", () => new JsonArray(Escaped("Group", "a"), Escaped("Group", Pick(Ids))));
        Maybe(user, "odd name", () => true);
        Maybe(user, "nothing", () => long.MaxValue);
        return user;
    }

    private JsonObject Doc()
    {
        var doc = new JsonObject();
        Maybe(doc, "owner", () => Escaped("User", Pick(Ids)));
        Maybe(doc, "isPublic", () => random.Next(2) == 0);
        Maybe(doc, "size", () => random.Next(100));
        Maybe(doc, "meta", () => new JsonObject { ["kind"] = "x", ["deep"] = new JsonObject { ["flag"] = true } });
        return doc;
    }

    private JsonArray Parents(string type) => [.. Enumerable.Range(0, random.Next(3)).Select(_ => (JsonNode)Reference(type, Pick(Ids)))];

    private JsonObject? Tags(Func<JsonNode?> value)
    {
        var tags = new JsonObject();
        Maybe(tags, "a", value);
        Maybe(tags, "b", value);
        return random.Next(3) == 0 ? null : tags;
    }

    private static JsonObject Entity(string type, string id, JsonArray parents, JsonObject attributes, JsonObject? tags)
    {
        var entity = new JsonObject { ["uid"] = Reference(type, id), ["attrs"] = attributes, ["parents"] = parents };
        if (tags is not null)
        {
            entity["tags"] = tags;
        }

        return entity;
    }

    private static JsonObject Reference(string type, string id) => new() { ["type"] = type, ["id"] = id };

    private static JsonObject Escaped(string type, string id) => new() { ["__entity"] = Reference(type, id) };

    private static JsonObject Extension(string function, string argument) =>
        new() { ["__extn"] = new JsonObject { ["fn"] = function, ["arg"] = argument } };

    private void Maybe(JsonObject target, string name, Func<JsonNode?> value)
    {
        switch (random.Next(12))
        {
            case 0:
                break;
            case 1:
                target[name] = random.Next(2) == 0 ? "odd" : 7;
                break;
            default:
                target[name] = value();
                break;
        }
    }

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
