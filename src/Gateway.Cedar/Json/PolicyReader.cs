using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Cedar.Syntax;
using Gateway.Cedar.Validation;

namespace Gateway.Cedar.Json;

/// <summary>Reads policies in Cedar's JSON format.</summary>
internal static class PolicyReader
{
    /// <summary>Reads a set: <c>staticPolicies</c>, <c>templates</c> and <c>templateLinks</c>.</summary>
    public static PolicySet ReadSet(JsonElement root, SourceText source)
    {
        JsonDocuments.Only(root, "policy set", "staticPolicies", "templates", "templateLinks");
        var builder = new PolicySetBuilder(PolicyIds.Ordinal);
        foreach (var (name, mustBeTemplate) in ((string, bool)[])[("staticPolicies", false), ("templates", true)])
        {
            if (!root.TryGetProperty(name, out var policies))
            {
                continue;
            }

            foreach (var property in JsonDocuments.Object(policies, name))
            {
                AddPolicy(builder, property.Name, ReadPolicy(property.Value, $"`{property.Name}`", source), mustBeTemplate);
            }
        }

        if (root.TryGetProperty("templateLinks", out var links))
        {
            foreach (var link in JsonDocuments.Array(links, "templateLinks"))
            {
                AddLink(builder, link);
            }
        }

        return builder.ToSet();
    }

    public static PolicySyntax ReadPolicy(JsonElement element, string path, SourceText source)
    {
        JsonDocuments.Only(element, path, "effect", "principal", "action", "resource", "conditions", "annotations");
        var effect = JsonDocuments.Text(JsonDocuments.Property(element, "effect", path), path) switch
        {
            "permit" => Effect.Permit,
            "forbid" => Effect.Forbid,
            var other => throw new JsonFailure($"{path}: `{other}` is not an effect, expected `permit` or `forbid`"),
        };
        return new(
            effect,
            element.TryGetProperty("annotations", out var annotations) ? ReadAnnotations(annotations, path) : [],
            ReadScope(element, Variable.Principal, path),
            ReadScope(element, Variable.Action, path),
            ReadScope(element, Variable.Resource, path),
            [.. JsonDocuments.Array(JsonDocuments.Property(element, "conditions", path), path).Select(condition => ReadCondition(condition, path))],
            source,
            default);
    }

    private static void AddPolicy(PolicySetBuilder builder, string id, PolicySyntax policy, bool mustBeTemplate)
    {
        if (policy.IsTemplate != mustBeTemplate)
        {
            throw new JsonFailure($"`{id}` {(mustBeTemplate ? "has no slot and is no template" : "has a slot and is a template")}");
        }

        if (builder.IsTaken(id))
        {
            throw new JsonFailure($"the policy id `{id}` is already taken");
        }

        builder.Add(id, policy);
    }

    private static void AddLink(PolicySetBuilder builder, JsonElement element)
    {
        const string Path = "templateLinks";
        JsonDocuments.Only(element, Path, "templateId", "newId", "values");
        var values = JsonDocuments.Property(element, "values", Path);
        JsonDocuments.Only(values, Path, "?principal", "?resource");
        EntityUid? ValueOf(string slot) => values.TryGetProperty(slot, out var value) ? ValueReader.ReadUid(value, Path) : null;
        var link = new TemplateLink(
            JsonDocuments.Text(JsonDocuments.Property(element, "templateId", Path), Path),
            JsonDocuments.Text(JsonDocuments.Property(element, "newId", Path), Path),
            ValueOf("?principal"),
            ValueOf("?resource"));
        if (builder.TryLink(link) is { } mistake)
        {
            throw new JsonFailure(mistake);
        }
    }

    private static ImmutableArray<AnnotationSyntax> ReadAnnotations(JsonElement element, string path)
    {
        var annotations = ImmutableArray.CreateBuilder<AnnotationSyntax>();
        foreach (var property in JsonDocuments.Object(element, path))
        {
            if (!Lexer.IsIdentifier(property.Name))
            {
                throw new JsonFailure($"{path}: `{property.Name}` is not the name of an annotation");
            }

            var value = property.Value.ValueKind == JsonValueKind.Null ? null : JsonDocuments.Text(property.Value, path);
            annotations.Add(new(property.Name, value, default));
        }

        return annotations.DrainToImmutable();
    }

    private static ConditionSyntax ReadCondition(JsonElement element, string path)
    {
        JsonDocuments.Only(element, path, "kind", "body");
        var isWhen = JsonDocuments.Text(JsonDocuments.Property(element, "kind", path), path) switch
        {
            "when" => true,
            "unless" => false,
            var other => throw new JsonFailure($"{path}: `{other}` is not a condition, expected `when` or `unless`"),
        };
        return new(isWhen, new ExpressionReader(path).Read(JsonDocuments.Property(element, "body", path)), default);
    }

    private static ScopeConstraint ReadScope(JsonElement policy, Variable variable, string policyPath)
    {
        var name = ScopeParser.NameOf(variable);
        var path = $"{policyPath}, {name}";
        var element = JsonDocuments.Property(policy, name, policyPath);
        var operation = JsonDocuments.Text(JsonDocuments.Property(element, "op", path), path);
        switch (operation)
        {
            case "All":
                return ScopeConstraint.Any(default);
            case "==":
                return ReadEntity(element, ScopeKind.Equal, null, variable, path);
            case "in" when variable == Variable.Action && element.TryGetProperty("entities", out var entities):
                ImmutableArray<EntityUid> actions = [.. JsonDocuments.Array(entities, path).Select(entity => ReadUid(entity, variable, path))];
                return new(ScopeKind.InAny, null, actions, false, default);
            case "in":
                return ReadEntity(element, ScopeKind.In, null, variable, path);
            case "is" when variable != Variable.Action:
                return ReadIs(element, variable, path);
            default:
                throw new JsonFailure($"{path}: `{operation}` is not a constraint of the {name}");
        }
    }

    private static ScopeConstraint ReadIs(JsonElement element, Variable variable, string path)
    {
        var type = JsonDocuments.Text(JsonDocuments.Property(element, "entity_type", path), path);
        if (!Identifiers.IsTypeName(type))
        {
            throw new JsonFailure($"{path}: `{type}` is not the name of an entity type");
        }

        return element.TryGetProperty("in", out var container)
            ? ReadEntity(container, ScopeKind.IsIn, type, variable, path)
            : new(ScopeKind.Is, type, [], false, default);
    }

    private static ScopeConstraint ReadEntity(JsonElement element, ScopeKind kind, string? type, Variable variable, string path)
    {
        if (variable == Variable.Action || !element.TryGetProperty("slot", out var slot))
        {
            return new(kind, type, [ReadUid(JsonDocuments.Property(element, "entity", path), variable, path)], false, default);
        }

        var expected = "?" + ScopeParser.NameOf(variable);
        return JsonDocuments.Text(slot, path) == expected
            ? new(kind, type, [], true, default)
            : throw new JsonFailure($"{path}: the slot here is `{expected}`");
    }

    private static EntityUid ReadUid(JsonElement element, Variable variable, string path)
    {
        var uid = ValueReader.ReadUid(element, path);
        return variable != Variable.Action || LiteralChecker.IsAction(uid.Type)
            ? uid
            : throw new JsonFailure($"{path}: `{uid}` is not an action, expected an entity of type `Action`");
    }
}
