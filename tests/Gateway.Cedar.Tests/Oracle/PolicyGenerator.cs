namespace Gateway.Cedar.Tests.Oracle;

/// <summary>Makes policies that are mostly, not always, well typed against <see cref="World"/>.</summary>
internal sealed class PolicyGenerator(Random random)
{
    private static readonly string[] Kinds =
        ["bool", "long", "string", "entity", "set", "record", "ip", "decimal", "datetime", "duration"];

    public string Policies()
    {
        var count = random.Next(4) == 0 ? 2 : 1;
        return string.Join("\n", Enumerable.Range(0, count).Select(_ => Policy()));
    }

    public string Policy()
    {
        var annotation = Pick("", "", "", "@id(\"x\") ", "@a @b(\"\\n\") ");
        var clauses = string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => $" {Pick("when", "when", "unless")} {{ {Bool(random.Next(1, 5))} }}"));
        var scope = random.Next(2) == 0
            ? $"{Pick("principal", "principal is User")}, {Pick("action", "action == Action::\"write\"", "action in Action::\"all\"")}, {Pick("resource", "resource is Doc")}"
            : $"{Scope("principal")}, {ActionScope()}, {Scope("resource")}";
        return $"{annotation}{Pick("permit", "permit", "forbid")}({scope}){clauses};";
    }

    /// <summary>A template with a slot for the principal, and sometimes one for the resource.</summary>
    public (string Text, bool HasResource) Template()
    {
        var hasResource = random.Next(2) == 0;
        var principal = Pick("principal == ?principal", "principal in ?principal", "principal is User in ?principal");
        var resource = hasResource ? Pick("resource == ?resource", "resource in ?resource", "resource is Doc in ?resource") : Scope("resource");
        return ($"{Pick("permit", "forbid")}({principal}, {ActionScope()}, {resource}) when {{ {Bool(random.Next(1, 3))} }};", hasResource);
    }

    public string Bool(int depth)
    {
        if (Mistaken())
        {
            return Any(Pick(Kinds), depth - 1);
        }

        if (depth <= 0)
        {
            return Pick("true", "false", $"{Entity(0)} is {EntityType()}", $"context has {AttributeName()}", $"{Entity(0)} == {Entity(0)}", Attribute(0, "resource.isPublic"));
        }

        var next = depth - 1;
        return random.Next(24) switch
        {
            0 or 1 => $"({Bool(next)} && {Bool(next)})",
            2 => $"({Bool(next)} || {Bool(next)})",
            3 => $"{Bool(next)} && {Bool(next)} || {Bool(next)}".Insert(0, "(") + ")",
            4 => $"!({Bool(next)})",
            5 => $"(if {Bool(next)} then {Bool(next)} else {Bool(next)})",
            6 => Equality(next),
            7 => $"({Long(next)} {Pick("<", "<=", ">", ">=")} {Long(next)})",
            8 => $"({DateTime(next)} {Pick("<", ">=")} {DateTime(next)})",
            9 => $"({Duration(next)} {Pick("<=", ">")} {Duration(next)})",
            10 => $"({Entity(next)} in {Pick(Entity(next), $"[{Entity(next)}, {Entity(next)}]", Set("entity", next))})",
            11 => $"({Entity(next)} is {EntityType()}{Pick("", "", $" in {Entity(next)}")})",
            12 => $"({String(next)} like {Pattern()})",
            13 => $"{SetOf(next, out var kind)}.contains({Any(kind, next)})",
            14 => $"{SetOf(next, out var all)}.{Pick("containsAll", "containsAny")}({Set(all, next)})",
            15 => $"{SetOf(next, out _)}.isEmpty()",
            16 or 17 => Guarded(next),
            18 => $"({Pick("principal", "resource", "context", Entity(next), Any("record", next))} has {AttributePath()})",
            19 => Tag(next),
            20 => $"{IP(next)}.{Pick("isIpv4()", "isIpv6()", "isLoopback()", "isMulticast()", $"isInRange({IP(next)})")}",
            21 => $"{Decimal(next)}.{Pick("lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual")}({Decimal(next)})",
            _ => Attribute(next, "resource.isPublic"),
        };
    }

    private string Guarded(int depth)
    {
        var target = Pick("principal", "resource", "context", "principal.home", "resource.meta", "resource.owner");
        var name = Pick(World.Attributes);
        var access = name == "odd name" ? $"{target}[\"{name}\"]" : $"{target}.{name}";
        var key = name == "odd name" ? $"\"{name}\"" : name;
        var use = Pick($"{access} == {access}", $"{access} == {Any(Pick(Kinds), depth)}", $"{access}.flag", $"{access} > 3", $"{access} in {Entity(0)}", access);
        return Pick($"({target} has {key} && {use})", $"(!({target} has {key}) || {use})", $"(if {target} has {key} then {use} else {Bool(depth - 1)})", $"({use})");
    }

    private string Tag(int depth)
    {
        var owner = Pick("principal", "resource", "resource.owner", Entity(depth - 1));
        var tag = Pick("\"a\"", "\"b\"", String(depth - 1));
        var use = Pick($"{owner}.getTag({tag}) == \"x\"", $"{owner}.getTag({tag}).contains(1)", $"{owner}.getTag({tag}) == {owner}.getTag({tag})");
        return Pick($"{owner}.hasTag({tag})", $"({owner}.hasTag({tag}) && {use})", $"({use})");
    }

    private string Equality(int depth)
    {
        var kind = Pick(Kinds);
        return $"({Any(kind, depth)} {Pick("==", "!=")} {Any(kind, depth)})";
    }

    private string Any(string kind, int depth) => kind switch
    {
        "bool" => Bool(depth),
        "long" => Long(depth),
        "string" => String(depth),
        "entity" => Entity(depth),
        "set" => Set(Pick("long", "string", "entity"), depth),
        "record" => Pick("context", "principal.home", "resource.meta", $"{{a: {Long(depth - 1)}, \"b c\": {String(depth - 1)}}}", "{city: \"x\"}", "{}"),
        "ip" => IP(depth),
        "decimal" => Decimal(depth),
        "datetime" => DateTime(depth),
        _ => Duration(depth),
    };

    private string Long(int depth) => Mistaken() ? String(depth - 1) : depth <= 0
        ? Pick("0", "1", "-1", "42", "9223372036854775807", "-9223372036854775808", "principal.age", "context.n")
        : random.Next(8) switch
        {
            0 or 1 => $"({Long(depth - 1)} {Pick("+", "-", "*")} {Long(depth - 1)})",
            2 => $"-({Long(depth - 1)})",
            3 => $"{Duration(depth - 1)}.{Pick("toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays")}()",
            4 => $"(if {Bool(depth - 1)} then {Long(depth - 1)} else {Long(depth - 1)})",
            5 => Attribute(depth - 1, "principal.age", "resource.owner.age", "context.n"),
            _ => Long(0),
        };

    private string String(int depth) => Mistaken() ? Long(depth - 1) : random.Next(4) switch
    {
        0 => Attribute(depth - 1, "principal.name", "principal.home.city", "resource.owner.name"),
        1 => Pick("principal.name", "context.s", "principal.home.city", "resource.meta.kind"),
        _ => Pick("\"\"", "\"x\"", "\"abc*\"", "\"\\u{1F600}\\n\"", "\"a\""),
    };

    private string Entity(int depth) => Mistaken() ? Any(Pick(Kinds), depth - 1) : random.Next(8) switch
    {
        0 or 1 => "principal",
        2 => "resource",
        3 => Pick("action", Pick(World.Actions)),
        4 => Pick("resource.owner", "principal.manager", "context.who"),
        5 when depth > 0 => $"(if {Bool(depth - 1)} then {Entity(depth - 1)} else {Entity(depth - 1)})",
        _ => $"{EntityType()}::\"{Pick(World.Ids)}\"",
    };

    private string SetOf(int depth, out string kind)
    {
        kind = Pick("long", "string", "entity");
        return Set(kind, depth);
    }

    private string Set(string kind, int depth) => random.Next(5) switch
    {
        0 when kind == "string" => "principal.labels",
        0 when kind == "entity" => "principal.groups",
        1 => $"[{Any(kind, depth - 1)}]",
        2 when random.Next(4) == 0 => "[]",
        _ => $"[{Any(kind, 0)}, {Any(kind, depth - 1)}, {Any(kind, 0)}]",
    };

    private string IP(int depth) => random.Next(4) == 0
        ? Pick("context.ip", "principal.ip", Attribute(depth - 1, "context.ip"))
        : $"ip(\"{Pick("1.2.3.4", "10.0.0.0/8", "127.0.0.1", "::1", "ff00::/8", "2001:db8::1/64", "224.0.0.1", "::ffff:1:2", Rarely("1.2.3.4/33", "x", "01.2.3.4", "1.2.3.4\\0"))}\")";

    private string Decimal(int depth) => random.Next(4) == 0
        ? Pick("principal.score", Attribute(depth - 1, "principal.score"))
        : $"decimal(\"{Pick("1.0", "-1.5", "0.0001", "922337203685477.5807", "00.10", Rarely("1.00001", "1", ".5", "922337203685477.5808"))}\")";

    private string DateTime(int depth) => depth > 0 && random.Next(3) == 0
        ? Pick($"{DateTime(depth - 1)}.offset({Duration(depth - 1)})", $"{DateTime(depth - 1)}.toDate()")
        : Pick("principal.since", "context.nested.when", "datetime(\"2024-02-29\")", "datetime(\"1969-12-31T23:59:59.999Z\")", "datetime(\"2024-01-01T00:00:00+0130\")", $"datetime(\"{Rarely("2023-02-29", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00")}\")", "datetime(\"0000-01-01\")");

    private string Duration(int depth) => depth > 0 && random.Next(3) == 0
        ? Pick($"{DateTime(depth - 1)}.durationSince({DateTime(depth - 1)})", $"{DateTime(depth - 1)}.toTime()")
        : Pick("principal.shift", "duration(\"1d2h\")", "duration(\"-1ms\")", "duration(\"9223372036854775807ms\")", $"duration(\"{Rarely("1x", "1h1d", "", "9223372036854775808ms")}\")");

    private string Attribute(int depth, params string[] fitting)
    {
        if (random.Next(5) > 0)
        {
            return Pick(fitting);
        }

        var target = random.Next(3) == 0 && depth > 0
            ? Attribute(depth - 1, "resource.owner")
            : Pick("principal", "resource", "context", "principal.home", "resource.meta", "resource.owner");
        var name = Pick(World.Attributes);
        return name == "odd name" || random.Next(6) == 0 ? $"{target}[\"{name}\"]" : $"{target}.{name}";
    }

    private string AttributeName()
    {
        var name = Pick(World.Attributes);
        return name == "odd name" ? "\"odd name\"" : name;
    }

    private string AttributePath() => random.Next(3) == 0
        ? string.Join('.', Enumerable.Range(0, random.Next(2, 4)).Select(_ => Pick("home", "city", "zip", "work", "meta", "deep", "flag", "owner", "manager", "nested", "name")))
        : AttributeName();

    private string Pattern() => Pick("\"*\"", "\"a*\"", "\"*b*c\"", "\"\\*\"", "\"x\"", "\"**\"", "\"\\u{1F600}*\"", "\"\"");

    private string EntityType() => random.Next(12) == 0 ? Pick(World.EntityTypes) : Pick("User", "Doc", "Group");

    private string Scope(string variable) => random.Next(12) switch
    {
        0 => $"{variable} == {EntityType()}::\"{Pick(World.Ids)}\"",
        1 => $"{variable} in {EntityType()}::\"{Pick(World.Ids)}\"",
        2 => $"{variable} is {EntityType()}",
        3 => $"{variable} is {EntityType()} in {EntityType()}::\"{Pick(World.Ids)}\"",
        _ => variable,
    };

    private string ActionScope() => random.Next(10) switch
    {
        0 => $"action == {Pick(World.Actions)}",
        1 => $"action in {Pick(World.Actions)}",
        2 => $"action in [{Pick(World.Actions)}, {Pick(World.Actions)}]",
        3 => Pick("action in []", "action"),
        _ => "action",
    };

    private string Rarely(params string[] unfit) => random.Next(4) == 0 ? Pick(unfit) : unfit switch
    {
        ["1.2.3.4/33", ..] => "10.0.0.1",
        ["1.00001", ..] => "2.5",
        ["2023-02-29", ..] => "2024-03-01",
        _ => "3h",
    };

    private bool Mistaken() => random.Next(80) == 0;

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
