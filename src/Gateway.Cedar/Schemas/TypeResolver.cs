using System.Collections.Frozen;

namespace Gateway.Cedar.Schemas;

/// <summary>Turns types as written into types, following common types and finding those that contain themselves.</summary>
internal sealed class TypeResolver(SchemaNames names, Action<Syntax.SourceSpan, string> report)
{
    private const int MaxDepth = 256;

    private readonly Dictionary<string, CedarType> _resolved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private int _nesting;

    public CedarType Resolve(TypeSyntax type, NamespaceSyntax scope)
    {
        // Counted on the way down, against recursion, and of the result, since parts of it may be known from before.
        _nesting++;
        var resolved = _nesting > MaxDepth ? null : ResolveBare(type, scope);
        _nesting--;
        if (resolved is { Depth: <= MaxDepth })
        {
            return resolved;
        }

        report(type.Span, $"more than {MaxDepth} types stand within one another");
        return CedarType.Nothing;
    }

    private CedarType ResolveBare(TypeSyntax type, NamespaceSyntax scope) => type switch
    {
        TypeSyntax.Set set => new CedarType.Set(Resolve(set.Element, scope)),
        TypeSyntax.Record record => ResolveRecord(record, scope),
        TypeSyntax.Named named => ResolveName(named, scope),
        _ => CedarType.Nothing,
    };

    private CedarType.Record ResolveRecord(TypeSyntax.Record record, NamespaceSyntax scope)
    {
        var attributes = new Dictionary<string, AttributeType>(StringComparer.Ordinal);
        foreach (var attribute in record.Attributes)
        {
            attributes[attribute.Name] = new(Resolve(attribute.Type, scope), attribute.IsRequired);
        }

        return new(attributes.ToFrozenDictionary(StringComparer.Ordinal), IsOpen: false);
    }

    public void ResolveCommonType(string name) => Follow(name, names.CommonType(name).Syntax.Name.Span);

    private CedarType ResolveName(TypeSyntax.Named named, NamespaceSyntax scope)
    {
        if (named.Kind == TypeNameKind.Any && names.FindType(scope, named.Name) is { } found)
        {
            return found.IsCommon ? Follow(found.Name, named.Span) : new CedarType.Entity(found.Name);
        }

        if (named.Kind == TypeNameKind.Common && names.FindCommonType(scope, named.Name) is { } common)
        {
            return Follow(common, named.Span);
        }

        if (named.Kind == TypeNameKind.Entity && names.FindEntity(scope, named.Name, withActions: true) is { } entity)
        {
            return new CedarType.Entity(entity);
        }

        if (named.Kind != TypeNameKind.Entity && SchemaNames.FindBuiltIn(named.Name) is { } builtIn)
        {
            return builtIn;
        }

        report(named.Span, $"there is no type `{named.Name}`{Suggestion.For(named.Name, names.All)}");
        return CedarType.Nothing;
    }

    private CedarType Follow(string name, Syntax.SourceSpan usedAt)
    {
        if (_resolved.TryGetValue(name, out var known))
        {
            return known;
        }

        var (syntax, scope) = names.CommonType(name);
        if (!_open.Add(name))
        {
            report(usedAt, $"the type `{name}` contains itself");
            return CedarType.Nothing;
        }

        var resolved = Resolve(syntax.Type, scope);
        _open.Remove(name);
        _resolved[name] = resolved;
        return resolved;
    }
}
