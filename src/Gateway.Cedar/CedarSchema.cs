using System.Collections.Frozen;
using Gateway.Cedar.Json;
using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;
using Gateway.Cedar.Validation;

namespace Gateway.Cedar;

/// <summary>What entities, actions and contexts there are, and of which types: what policies are validated against.</summary>
public sealed class CedarSchema
{
    private readonly Lazy<ILookup<EntityUid, ActionDefinition>> _actionsIn;

    internal CedarSchema(IReadOnlyDictionary<string, EntityTypeDefinition> entityTypes, IReadOnlyDictionary<EntityUid, ActionDefinition> actions, IReadOnlyCollection<NamespaceSyntax> syntax)
    {
        Syntax = syntax;
        EntityTypes = entityTypes.ToFrozenDictionary(StringComparer.Ordinal);
        Actions = actions.ToFrozenDictionary();
        _actionsIn = new(() => Actions.Values
            .SelectMany(static action => action.Ancestors.Append(action.Uid).Select(container => (container, action)))
            .ToLookup(static pair => pair.container, static pair => pair.action));
        ActionTypes = Actions.Keys.Select(static uid => uid.Type).ToFrozenSet(StringComparer.Ordinal);
    }

    internal FrozenDictionary<string, EntityTypeDefinition> EntityTypes { get; }

    internal FrozenDictionary<EntityUid, ActionDefinition> Actions { get; }

    internal FrozenSet<string> ActionTypes { get; }

    /// <summary>The action itself and those that are in it.</summary>
    internal IEnumerable<ActionDefinition> ActionsIn(EntityUid action) => _actionsIn.Value[action];

    /// <summary>The declarations, as they were written in either format.</summary>
    internal IReadOnlyCollection<NamespaceSyntax> Syntax { get; }

    /// <summary>Reads the human schema format.</summary>
    public static CedarResult<CedarSchema> Parse(string text, string fileName = "schema.cedarschema")
    {
        var source = new SourceText(fileName, text);
        var diagnostics = new DiagnosticList(source);
        var namespaces = SchemaParser.Parse(source, diagnostics);
        var schema = diagnostics.Count == 0 ? new SchemaResolver(namespaces, diagnostics.Add).Resolve() : null;
        return new(diagnostics.Count == 0 ? schema : null, [.. diagnostics.InOrder()]);
    }

    /// <summary>Reads the JSON schema format.</summary>
    public static CedarResult<CedarSchema> ParseJson(string json, string fileName = "schema.json") =>
        JsonDocuments.Read(json, fileName, SchemaReader.Read);

    /// <summary>The schema in the JSON format; annotations are left out.</summary>
    public string ToJson() => SchemaWriter.Write(Syntax);

    /// <summary>Whether an entity is as the schema says.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? FindMistake(EntityDefinition entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return Conformance.MistakeOf(entity.Parents.IsDefault ? entity with { Parents = [] } : entity, this);
    }

    /// <summary>Whether the parts of a request are of the types that the schema allows together, and its context is as the action demands.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? FindMistake(in CedarRequest request)
    {
        if (!Actions.TryGetValue(request.Action, out var action))
        {
            return $"there is no action `{request.Action}`{Suggestion.For(request.Action.ToString(), Actions.Keys.Select(static uid => uid.ToString()))}";
        }

        return !action.PrincipalTypes.Contains(request.Principal.Type) || !action.ResourceTypes.Contains(request.Resource.Type)
            ? $"`{request.Action}` does not apply to a `{request.Principal.Type}` and a `{request.Resource.Type}`"
            : Conformance.MistakeOf(CedarValue.From(request.Context), action.Context, this, "context");
    }

    /// <summary>Validates policies and templates strictly: what passes cannot fail for a wrong type or a missing attribute at run time.</summary>
    /// <returns>All errors and warnings; the policies are valid when no error is among them.</returns>
    public IReadOnlyList<Diagnostic> Validate(PolicySet policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        return Validator.Validate(this, policies);
    }
}
