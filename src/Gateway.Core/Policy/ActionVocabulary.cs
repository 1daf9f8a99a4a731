using System.Collections.Frozen;
using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>The actions of every tool: its operations, and its methods for requests that match none.</summary>
internal sealed class ActionVocabulary
{
    public const string Type = "Action";

    private static readonly FrozenDictionary<string, string> KindByMethod = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GET"] = "read",
        ["HEAD"] = "read",
        ["POST"] = "create",
        ["PUT"] = "update",
        ["PATCH"] = "update",
        ["DELETE"] = "delete",
        ["OPTIONS"] = "other",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<(string Tool, string Operation), EntityUid> _uids;

    public ActionVocabulary(IEnumerable<ToolVocabulary> tools)
    {
        var definitions = new List<EntityDefinition>();
        var uids = new Dictionary<(string Tool, string Operation), EntityUid>();
        foreach (var kind in KindByMethod.Values.Distinct(StringComparer.Ordinal))
        {
            definitions.Add(new EntityDefinition(new EntityUid(Type, kind)));
        }

        foreach (var tool in tools)
        {
            definitions.Add(new EntityDefinition(new EntityUid(Type, $"{tool.Name}/*")));
            foreach (var (operation, method) in tool.Operations.Concat(KindByMethod.Keys.Select(m => KeyValuePair.Create(m, m))))
            {
                var definition = Define(tool.Name, operation, method);
                uids.Add((tool.Name, operation), definition.Uid);
                definitions.Add(definition);
            }
        }

        Definitions = definitions;
        _uids = uids.ToFrozenDictionary();
    }

    public IReadOnlyList<EntityDefinition> Definitions { get; }

    /// <summary>The action of a request; null where its method is one that nobody foresaw (see <see cref="Define"/>).</summary>
    public EntityUid? Find(string tool, string operation) => _uids.GetValueOrDefault((tool, operation));

    /// <summary>An action with its parents: the tool's "*" and the kind of its method.</summary>
    public static EntityDefinition Define(string tool, string operation, string method) => new(
        new EntityUid(Type, $"{tool}/{operation}"),
        [new EntityUid(Type, $"{tool}/*"), new EntityUid(Type, KindOf(method))]);

    /// <summary>"read", "create", "update", "delete" or "other".</summary>
    public static string KindOf(string method) => KindByMethod.GetValueOrDefault(method, "other");
}
