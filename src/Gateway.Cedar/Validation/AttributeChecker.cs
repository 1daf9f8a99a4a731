using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Checks attributes and tags: that they exist, and that optional ones are tested before they are read.</summary>
internal sealed class AttributeChecker(CedarSchema schema, RequestEnvironment environment, ValidationReport report, TypeChecker types, Dictionary<Expression, string> printed)
{
    public Typed CheckGet(Expression.GetAttribute attribute, ImmutableHashSet<string> known)
    {
        var owner = types.Expect(attribute.Target, known, CedarType.AnyEntity, CedarType.AnyRecord).Type;
        if (owner is null)
        {
            return new(null);
        }

        var key = KeyOf(attribute.Target, attribute.Name);
        if (AttributesOf(owner) is not { } attributes || !attributes.TryGetValue(attribute.Name, out var found))
        {
            AddMissing(attribute.NameSpan, key, attribute.Target, attribute.Name, owner, isTest: false);
            return new(null);
        }

        report.Attributes.AddFound(attribute.NameSpan, key);
        if (!found.IsRequired && !known.Contains(key))
        {
            var target = Print(attribute.Target);
            report.MayBeAbsent(attribute.NameSpan, target, attribute.Name, $"`{key}` may be absent, expected `{target} has {TypePrinter.NameOf(attribute.Name)} &&` before it");
        }

        return new(found.Type);
    }

    public Typed CheckHas(Expression.HasAttribute has, ImmutableHashSet<string> known)
    {
        // `x has a.b` means `x has a && x.a has b`.
        var target = has.Target;
        var result = CheckStep(has, target, has.Path[0], known);
        for (var i = 1; i < has.Path.Length; i++)
        {
            target = new Expression.GetAttribute(target, has.Path[i - 1], has.Span, has.Span);
            result = types.ContinueAnd(result, new Expression.HasAttribute(target, [has.Path[i]], has.Span), known);
        }

        return result;
    }

    public Typed CheckTag(Expression.Binary binary, ImmutableHashSet<string> known)
    {
        var owner = types.Expect(binary.Left, known, CedarType.AnyEntity).Type;
        var tag = types.Expect(binary.Right, known, CedarType.Text).Type;
        var isTest = binary.Operator == BinaryOperator.HasTag;
        if (owner is not CedarType.Entity { Name: { } name } || tag is null)
        {
            return new(isTest ? CedarType.AnyBoolean : null);
        }

        var key = $"{Print(binary.Left)} tag {Print(binary.Right)}";
        var type = schema.EntityTypes.TryGetValue(name, out var definition) ? definition.Tags : null;
        if (isTest)
        {
            return new(type is null ? CedarType.False : known.Contains(key) ? CedarType.True : CedarType.AnyBoolean, [key]);
        }

        if (!known.Contains(key))
        {
            report.Error(binary.Span, $"the tag may be absent, expected `{Print(binary.Left)}.hasTag({Print(binary.Right)}) &&` before it");
        }
        else if (type is null)
        {
            report.Error(binary.Span, $"entities of type `{name}` have no tags");
        }

        return new(type);
    }

    private Typed CheckStep(Expression.HasAttribute has, Expression target, string name, ImmutableHashSet<string> known)
    {
        var owner = types.Expect(target, known, CedarType.AnyEntity, CedarType.AnyRecord).Type;
        if (owner is null)
        {
            return new(CedarType.AnyBoolean);
        }

        if (AttributesOf(owner) is not { } attributes)
        {
            return new(CedarType.AnyBoolean);
        }

        var key = KeyOf(target, name);
        if (!attributes.TryGetValue(name, out var found))
        {
            AddMissing(has.Span, key, target, name, owner, isTest: true);
            return new(CedarType.False);
        }

        report.Attributes.AddFound(has.Span, key);

        // An entity need not exist, so that even a required attribute may be absent from it.
        var isCertain = known.Contains(key) || (found.IsRequired && owner is CedarType.Record);
        return new(isCertain ? CedarType.True : CedarType.AnyBoolean, [key]);
    }

    private void AddMissing(SourceSpan span, string key, Expression target, string name, CedarType owner, bool isTest) => report.Attributes.AddMissing(
        span, key, new(Print(target), name, owner, environment.Action.Uid, isTest), AttributesOf(owner)?.Keys ?? []);

    private FrozenDictionary<string, AttributeType>? AttributesOf(CedarType owner) => owner switch
    {
        CedarType.Record record => record.Attributes,
        CedarType.Entity { Name: { } name } when schema.EntityTypes.TryGetValue(name, out var definition) => definition.Attributes.Attributes,
        CedarType.Entity { Name: { } name } when schema.ActionTypes.Contains(name) => CedarType.EmptyRecord.Attributes,
        _ => null,
    };

    private string KeyOf(Expression target, string name) => Print(target) + ExpressionPrinter.AccessOf(name);

    private string Print(Expression expression)
    {
        if (!printed.TryGetValue(expression, out var text))
        {
            text = ExpressionPrinter.Print(expression);
            printed.Add(expression, text);
        }

        return text;
    }
}
