namespace Gateway.Cedar.Tests.Oracle;

/// <summary>The schema and entities that generated policies speak of.</summary>
internal static class World
{
    public const string Schema = """
        type Place = { city: String, zip?: Long };
        entity Group in [Group] { level: Long };
        entity User in [Group] {
          name: String, age: Long, manager?: User, labels: Set<String>, home: Place, work?: Place,
          ip?: ipaddr, score: decimal, since: datetime, shift: duration, groups: Set<Group>, "odd name"?: Bool
        } tags String;
        entity Doc in [Doc, Folder] { owner: User, isPublic: Bool, size?: Long, meta: { kind?: String, deep: { flag?: Bool } } } tags Set<Long>;
        entity Folder;
        entity Color enum ["red", "green"];
        action all;
        action write, "read it" in [all] appliesTo {
          principal: [User], resource: [Doc],
          context: { n: Long, s?: String, ip: ipaddr, who?: User, nested: { flag?: Bool, when: datetime } }
        };
        action paint in all appliesTo { principal: [User, Group], resource: [Color, Doc] };
        namespace Sub { entity Thing { x: Long }; action use appliesTo { principal: User, resource: Thing }; }
        """;

    public static readonly string[] EntityTypes = ["User", "Group", "Doc", "Folder", "Color", "Sub::Thing", "Action", "Nobody"];

    public static readonly string[] Ids = ["a", "b", "c", "red", "\\u{e9}*\\\"", ""];

    public static readonly string[] Attributes =
    [
        "name", "age", "manager", "labels", "home", "work", "ip", "score", "since", "shift", "groups", "odd name", "owner", "isPublic",
        "size", "meta", "kind", "deep", "flag", "n", "s", "who", "nested", "when", "city", "zip", "level", "x", "nothing",
    ];

    public static readonly string[] Actions = ["Action::\"all\"", "Action::\"write\"", "Action::\"read it\"", "Action::\"paint\"", "Sub::Action::\"use\"", "Action::\"other\""];
}
