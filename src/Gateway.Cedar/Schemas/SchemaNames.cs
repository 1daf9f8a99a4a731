using System.Collections.Frozen;

namespace Gateway.Cedar.Schemas;

/// <summary>Looks up what a name means in a namespace: there first, then outside any namespace, then among the built-in types.</summary>
internal sealed class SchemaNames
{
    private const string BuiltInPrefix = "__cedar::";

    private static readonly FrozenDictionary<string, CedarType> BuiltIn = new Dictionary<string, CedarType>(StringComparer.Ordinal)
    {
        ["Bool"] = CedarType.AnyBoolean,
        ["Long"] = CedarType.Integer,
        ["String"] = CedarType.Text,
        ["ipaddr"] = CedarType.OfKind(ValueKind.IPAddress),
        ["decimal"] = CedarType.OfKind(ValueKind.Decimal),
        ["datetime"] = CedarType.OfKind(ValueKind.DateTime),
        ["duration"] = CedarType.OfKind(ValueKind.Duration),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly HashSet<string> _entities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _actionTypes = new(StringComparer.Ordinal);
    private readonly HashSet<EntityUid> _actions = [];
    private readonly Dictionary<string, (CommonTypeSyntax Syntax, NamespaceSyntax Scope)> _commonTypes = new(StringComparer.Ordinal);

    public IEnumerable<string> Entities => _entities;

    public IEnumerable<EntityUid> Actions => _actions;

    public IEnumerable<string> CommonTypes => _commonTypes.Keys;

    public IEnumerable<string> All => _entities.Concat(_commonTypes.Keys).Concat(BuiltIn.Keys);

    public bool AddEntity(string name) => _entities.Add(name);

    public bool AddAction(EntityUid uid)
    {
        _actionTypes.Add(uid.Type);
        return _actions.Add(uid);
    }

    public bool AddCommonType(string name, CommonTypeSyntax syntax, NamespaceSyntax scope) => _commonTypes.TryAdd(name, (syntax, scope));

    public bool IsDeclared(string name) => _entities.Contains(name) || _commonTypes.ContainsKey(name);

    public bool IsDeclared(EntityUid action) => _actions.Contains(action);

    public (CommonTypeSyntax Syntax, NamespaceSyntax Scope) CommonType(string name) => _commonTypes[name];

    /// <summary>Names that a common type cannot take.</summary>
    public static bool IsKeyword(string name) =>
        name is "Bool" or "Boolean" or "Entity" or "Extension" or "Long" or "Record" or "Set" or "String";

    public static CedarType? FindBuiltIn(string name) =>
        BuiltIn.GetValueOrDefault(name.StartsWith(BuiltInPrefix, StringComparison.Ordinal) ? name[BuiltInPrefix.Length..] : name);

    public string? FindCommonType(NamespaceSyntax scope, string name) => Find(scope, name, _commonTypes.ContainsKey);

    /// <summary>An entity type; an action's type too where a value may be an action.</summary>
    public string? FindEntity(NamespaceSyntax scope, string name, bool withActions) =>
        Find(scope, name, candidate => _entities.Contains(candidate) || (withActions && _actionTypes.Contains(candidate)));

    /// <summary>A common or an entity type; a common type hides an entity type of the same name, not one of a nearer namespace.</summary>
    public (string Name, bool IsCommon)? FindType(NamespaceSyntax scope, string name)
    {
        var found = Find(scope, name, candidate =>
            _commonTypes.ContainsKey(candidate) || _entities.Contains(candidate) || _actionTypes.Contains(candidate));
        return found is null ? null : (found, _commonTypes.ContainsKey(found));
    }

    public EntityUid? FindAction(NamespaceSyntax scope, ActionReferenceSyntax reference)
    {
        var near = new EntityUid(scope.Qualify(reference.Type ?? "Action"), reference.Id);
        if (_actions.Contains(near))
        {
            return near;
        }

        var far = new EntityUid(reference.Type ?? "Action", reference.Id);
        return _actions.Contains(far) ? far : null;
    }

    private static string? Find(NamespaceSyntax scope, string name, Func<string, bool> exists)
    {
        // A name with a namespace says which one it means.
        if (!name.Contains("::", StringComparison.Ordinal) && exists(scope.Qualify(name)))
        {
            return scope.Qualify(name);
        }

        return exists(name) ? name : null;
    }
}
