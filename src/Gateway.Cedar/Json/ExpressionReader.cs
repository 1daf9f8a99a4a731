using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Json;

/// <summary>Reads expressions in Cedar's JSON format.</summary>
internal sealed class ExpressionReader(string path)
{
    private static readonly Dictionary<string, BinaryOperator> Operators = Enum.GetValues<BinaryOperator>()
        .ToDictionary(ExpressionPrinter.Symbol, static operation => operation, StringComparer.Ordinal);

    private int _nesting;

    public Expression Read(JsonElement element)
    {
        if (++_nesting > ExpressionParser.MaxNesting)
        {
            throw new JsonFailure($"{path}: expressions are nested more than {ExpressionParser.MaxNesting} deep");
        }

        var expression = ReadBare(element);
        _nesting--;
        return expression.Depth <= Expression.MaxDepth
            ? expression
            : throw new JsonFailure($"{path}: the expression is more than {Expression.MaxDepth} operators deep");
    }

    private Expression ReadBare(JsonElement element)
    {
        var (name, content) = Only(element);
        switch (name)
        {
            case "Value":
                return ReadValue(content);
            case "Var":
                return new Expression.VariableReference(ReadVariable(content), default);
            case "Slot":
                throw new JsonFailure($"{path}: a template's slot can stand in the scope only");
            case "!":
                return new Expression.Not(Read(Argument(content)), default);
            case "neg":
                return new Expression.Negate(Read(Argument(content)), default);
            case "isEmpty":
                return new Expression.IsEmpty(Read(Argument(content)), default);
            case "&&":
                return new Expression.And(ReadChain(content, name), default);
            case "||":
                return new Expression.Or(ReadChain(content, name), default);
            case "if-then-else":
                JsonDocuments.Only(content, path, "if", "then", "else");
                return new Expression.If(ReadProperty(content, "if"), ReadProperty(content, "then"), ReadProperty(content, "else"), default);
            case ".":
                JsonDocuments.Only(content, path, "left", "attr");
                return new Expression.GetAttribute(ReadProperty(content, "left"), Text(content, "attr"), default, default);
            case "has":
                return ReadHas(content);
            case "like":
                JsonDocuments.Only(content, path, "left", "pattern");
                return new Expression.Like(ReadProperty(content, "left"), ReadPattern(JsonDocuments.Property(content, "pattern", path)), default);
            case "is":
                return ReadIs(content);
            case "Set":
                return new Expression.SetLiteral(ReadArray(content), default);
            case "Record":
                return new Expression.RecordLiteral([.. JsonDocuments.Object(content, path).Select(p => KeyValuePair.Create(p.Name, Read(p.Value)))], default);
            default:
                return ReadOperatorOrCall(name, content);
        }
    }

    private Expression ReadOperatorOrCall(string name, JsonElement content)
    {
        if (Operators.TryGetValue(name, out var operation))
        {
            JsonDocuments.Only(content, path, "left", "right");
            return new Expression.Binary(operation, ReadProperty(content, "left"), ReadProperty(content, "right"), default);
        }

        if (ExtensionFunction.Find(name) is not { } function)
        {
            throw new JsonFailure($"{path}: there is no expression `{name}`{Suggestion.For(name, ExtensionFunction.Functions.Concat(ExtensionFunction.Methods))}");
        }

        var arguments = ReadArray(content);
        return function.IsMethod && arguments.IsEmpty
            ? throw new JsonFailure($"{path}: the method `{name}` needs a target, its first argument")
            : new Expression.Call(function, arguments, default);
    }

    // The left side of a chain is as deep as the chain is long, so it is walked, not recursed into.
    private ImmutableArray<Expression> ReadChain(JsonElement content, string operation)
    {
        var operands = new Stack<Expression>();
        while (true)
        {
            JsonDocuments.Only(content, path, "left", "right");
            operands.Push(ReadProperty(content, "right"));
            var left = JsonDocuments.Property(content, "left", path);
            if (left.ValueKind == JsonValueKind.Object && left.TryGetProperty(operation, out var next) && left.GetPropertyCount() == 1)
            {
                content = next;
                continue;
            }

            operands.Push(Read(left));
            return [.. operands];
        }
    }

    private Expression.HasAttribute ReadHas(JsonElement content)
    {
        JsonDocuments.Only(content, path, "left", "attr");
        var target = ReadProperty(content, "left");
        var attribute = JsonDocuments.Property(content, "attr", path);
        if (attribute.ValueKind != JsonValueKind.Array)
        {
            return new(target, [JsonDocuments.Text(attribute, path)], default);
        }

        ImmutableArray<string> names = [.. attribute.EnumerateArray().Select(item => JsonDocuments.Text(item, path))];
        return names.IsEmpty ? throw new JsonFailure($"{path}: `has` needs an attribute") : new(target, names, default);
    }

    private Expression.Is ReadIs(JsonElement content)
    {
        JsonDocuments.Only(content, path, "left", "entity_type", "in");
        var type = Text(content, "entity_type");
        if (!Identifiers.IsTypeName(type))
        {
            throw new JsonFailure($"{path}: `{type}` is not the name of an entity type");
        }

        var parent = content.TryGetProperty("in", out var found) ? Read(found) : null;
        return new(ReadProperty(content, "left"), type, default, parent, default);
    }

    private LikePattern ReadPattern(JsonElement element)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var part = new StringBuilder();
        foreach (var item in JsonDocuments.Array(element, path))
        {
            if (item.ValueKind == JsonValueKind.String && item.ValueEquals("Wildcard"))
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(Text(item, "Literal"));
            }
        }

        parts.Add(part.ToString());
        return new(parts.DrainToImmutable());
    }

    // A value may be a set, a record or a call, which are no literals but expressions made of them.
    private Expression ReadValue(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return new Expression.SetLiteral([.. element.EnumerateArray().Select(ReadNestedValue)], default);
            case JsonValueKind.Object when element.GetPropertyCount() == 1 && element.TryGetProperty("__extn", out var call):
                return ReadCall(call);
            case JsonValueKind.Object when element.GetPropertyCount() != 1 || !(element.TryGetProperty("__entity", out _) || element.TryGetProperty("__expr", out _)):
                return new Expression.RecordLiteral([.. element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, ReadNestedValue(p.Value)))], default);
            default:
                return new Expression.Literal(ValueReader.Read(element, path), default);
        }
    }

    private Expression ReadNestedValue(JsonElement element)
    {
        if (++_nesting > ExpressionParser.MaxNesting)
        {
            throw new JsonFailure($"{path}: values are nested more than {ExpressionParser.MaxNesting} deep");
        }

        var value = ReadValue(element);
        _nesting--;
        return value;
    }

    private Expression.Call ReadCall(JsonElement element)
    {
        var name = Text(element, "fn");
        var function = ExtensionFunction.Find(name) ?? throw new JsonFailure($"{path}: there is no function `{name}`{Suggestion.For(name, ExtensionFunction.Functions)}");
        return element.TryGetProperty("args", out var several)
            ? new(function, [.. JsonDocuments.Array(several, path).Select(ReadNestedValue)], default)
            : new(function, [ReadNestedValue(JsonDocuments.Property(element, "arg", path))], default);
    }

    private Variable ReadVariable(JsonElement element) => JsonDocuments.Text(element, path) switch
    {
        "principal" => Variable.Principal,
        "action" => Variable.Action,
        "resource" => Variable.Resource,
        "context" => Variable.Context,
        var other => throw new JsonFailure($"{path}: `{other}` is not a variable, expected `principal`, `action`, `resource` or `context`"),
    };

    private (string Name, JsonElement Content) Only(JsonElement element)
    {
        var properties = JsonDocuments.Object(element, path).ToArray();
        return properties.Length == 1
            ? (properties[0].Name, properties[0].Value)
            : throw new JsonFailure($"{path}: an expression is an object with one property, found {properties.Length}");
    }

    private JsonElement Argument(JsonElement content)
    {
        JsonDocuments.Only(content, path, "arg");
        return JsonDocuments.Property(content, "arg", path);
    }

    private Expression ReadProperty(JsonElement content, string name) => Read(JsonDocuments.Property(content, name, path));

    private ImmutableArray<Expression> ReadArray(JsonElement content) => [.. JsonDocuments.Array(content, path).Select(Read)];

    private string Text(JsonElement element, string name) => JsonDocuments.Text(JsonDocuments.Property(element, name, path), $"{path}, `{name}`");
}
