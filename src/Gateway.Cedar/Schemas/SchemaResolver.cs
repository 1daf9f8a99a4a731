using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Schemas;

/// <summary>Makes a schema of its declarations: looks up names, closes hierarchies, finds what is declared twice or in a circle.</summary>
internal sealed class SchemaResolver
{
    private readonly IReadOnlyCollection<NamespaceSyntax> _namespaces;
    private readonly Action<SourceSpan, string> _report;
    private readonly SchemaNames _names = new();
    private readonly TypeResolver _types;

    public SchemaResolver(IReadOnlyCollection<NamespaceSyntax> namespaces, Action<SourceSpan, string> report)
    {
        _namespaces = namespaces;
        _report = report;
        _types = new(_names, report);
    }

    public CedarSchema Resolve()
    {
        Declare();
        RefuseShadows();
        foreach (var name in _names.CommonTypes)
        {
            _types.ResolveCommonType(name);
        }

        return new(ResolveEntities(), ResolveActions(), _namespaces);
    }

    private void Declare()
    {
        foreach (var scope in _namespaces)
        {
            foreach (var name in scope.Entities.SelectMany(static entity => entity.Names))
            {
                Require(_names.AddEntity(scope.Qualify(name.Name)), name, "entity type");
                if (name.Name == "Action")
                {
                    _report(name.Span, "`Action` is the type of actions and cannot be declared");
                }
            }

            foreach (var common in scope.CommonTypes)
            {
                Require(_names.AddCommonType(scope.Qualify(common.Name.Name), common, scope), common.Name, "type");
            }

            foreach (var name in scope.Actions.SelectMany(static action => action.Names))
            {
                Require(_names.AddAction(new(scope.Qualify("Action"), name.Name)), name, "action");
            }
        }
    }

    private void Require(bool isNew, NameSyntax name, string what)
    {
        if (!isNew)
        {
            _report(name.Span, $"the {what} `{name.Name}` is declared twice");
        }
    }

    // A name of a namespace that hides one outside any would change what other declarations mean.
    private void RefuseShadows()
    {
        foreach (var scope in _namespaces.Where(static scope => scope.Name.Length > 0))
        {
            var declared = scope.Entities.SelectMany(static entity => entity.Names)
                .Concat(scope.CommonTypes.Select(static common => common.Name));
            foreach (var name in declared.Where(name => _names.IsDeclared(name.Name)))
            {
                _report(name.Span, $"`{scope.Qualify(name.Name)}` hides `{name.Name}`, which is declared outside any namespace");
            }

            foreach (var name in scope.Actions.SelectMany(static action => action.Names)
                .Where(name => _names.IsDeclared(new EntityUid("Action", name.Name))))
            {
                _report(name.Span, $"the action `{name.Name}` of `{scope.Name}` hides the one declared outside any namespace");
            }
        }
    }

    private Dictionary<string, EntityTypeDefinition> ResolveEntities()
    {
        var definitions = new Dictionary<string, EntityTypeDefinition>(StringComparer.Ordinal);
        foreach (var scope in _namespaces)
        {
            foreach (var entity in scope.Entities)
            {
                var parents = ResolveEntityTypes(entity.Parents, scope);
                var attributes = ResolveRecord(entity.Attributes, scope, $"the shape of the entity type `{entity.Names[0].Name}`");
                var tags = entity.Tags is null ? null : _types.Resolve(entity.Tags, scope);
                foreach (var name in entity.Names.Select(name => scope.Qualify(name.Name)))
                {
                    definitions[name] = new(name, attributes, tags, entity.Ids, parents, []);
                }
            }
        }

        foreach (var definition in definitions.Values.ToArray())
        {
            var ancestors = Close(definition.Parents, name => definitions.TryGetValue(name, out var found) ? found.Parents : []);
            definitions[definition.Name] = definition with { Ancestors = ancestors.ToFrozenSet(StringComparer.Ordinal) };
        }

        return definitions;
    }

    private ImmutableArray<string> ResolveEntityTypes(ImmutableArray<NameSyntax> types, NamespaceSyntax scope)
    {
        var resolved = ImmutableArray.CreateBuilder<string>();
        foreach (var type in types)
        {
            if (_names.FindEntity(scope, type.Name, withActions: false) is { } found)
            {
                resolved.Add(found);
            }
            else
            {
                _report(type.Span, $"there is no entity type `{type.Name}`{Suggestion.For(type.Name, _names.Entities)}");
            }
        }

        return resolved.DrainToImmutable();
    }

    private Dictionary<EntityUid, ActionDefinition> ResolveActions()
    {
        var definitions = new Dictionary<EntityUid, ActionDefinition>();
        foreach (var scope in _namespaces)
        {
            foreach (var action in scope.Actions)
            {
                var parents = ResolveParents(action, scope);
                var principals = ResolveEntityTypes(action.PrincipalTypes, scope);
                var resources = ResolveEntityTypes(action.ResourceTypes, scope);
                var context = ResolveRecord(action.Context, scope, $"the context of the action `{action.Names[0].Name}`");
                foreach (var name in action.Names)
                {
                    var uid = new EntityUid(scope.Qualify("Action"), name.Name);
                    definitions[uid] = new(uid, principals, resources, context, parents, []);
                }
            }
        }

        foreach (var definition in definitions.Values.ToArray())
        {
            var ancestors = Close(definition.Parents, uid => definitions.TryGetValue(uid, out var found) ? found.Parents : []);
            if (ancestors.Contains(definition.Uid))
            {
                _report(default, $"the action `{definition.Uid}` is in itself");
            }

            definitions[definition.Uid] = definition with { Ancestors = ancestors.ToFrozenSet() };
        }

        return definitions;
    }

    private ImmutableArray<EntityUid> ResolveParents(ActionSyntax action, NamespaceSyntax scope)
    {
        var parents = ImmutableArray.CreateBuilder<EntityUid>();
        foreach (var reference in action.Parents)
        {
            if (_names.FindAction(scope, reference) is { } parent)
            {
                parents.Add(parent);
            }
            else
            {
                _report(reference.Span, $"there is no action `{reference.Id}`{Suggestion.For(reference.Id, _names.Actions.Select(static uid => uid.Id))}");
            }
        }

        return parents.DrainToImmutable();
    }

    private CedarType.Record ResolveRecord(TypeSyntax? type, NamespaceSyntax scope, string what)
    {
        if (type is null)
        {
            return CedarType.EmptyRecord;
        }

        // It cannot be an entity, so its name is not looked up among entity types.
        var syntax = type is TypeSyntax.Named { Kind: TypeNameKind.Any } named
            ? named with { Kind = TypeNameKind.Common }
            : type;
        switch (_types.Resolve(syntax, scope))
        {
            case CedarType.Record record:
                return record;
            case CedarType.Never:
                return CedarType.EmptyRecord;
            default:
                _report(syntax.Span, $"{what} is not a record");
                return CedarType.EmptyRecord;
        }
    }

    private static HashSet<T> Close<T>(IEnumerable<T> start, Func<T, ImmutableArray<T>> next)
    {
        var reached = new HashSet<T>();
        var pending = new Stack<T>(start);
        while (pending.TryPop(out var item))
        {
            if (reached.Add(item))
            {
                foreach (var further in next(item))
                {
                    pending.Push(further);
                }
            }
        }

        return reached;
    }
}
