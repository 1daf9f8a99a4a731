using System.Buffers;
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

    /// <summary>Those of a token (RFC 9110, section 5.6.2), letters in capitals only: requests with others are refused.</summary>
    private static readonly SearchValues<char> MethodCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~");

    private readonly FrozenDictionary<(string Tool, string Operation), EntityUid> _uids;

    public ActionVocabulary(IEnumerable<ToolVocabulary> tools)
    {
        var definitions = new List<EntityDefinition>();
        foreach (var kind in KindByMethod.Values.Distinct(StringComparer.Ordinal))
        {
            definitions.Add(new EntityDefinition(new EntityUid(Type, kind)));
        }

        var callable = new List<CallableAction>();
        foreach (var tool in tools)
        {
            definitions.Add(new EntityDefinition(new EntityUid(Type, $"{tool.Name}/*")));
            callable.AddRange(tool.Operations.Select(operation => Create(tool, operation, canOccur: true)));
            callable.AddRange(KindByMethod.Keys.Concat(tool.OtherMethods).Select(method => Create(tool, new(method, method, []), canOccur: !tool.OnlyOperations)));
        }

        Groups = [.. definitions];
        Callable = callable;
        Definitions = [.. definitions, .. callable.Select(action => action.Definition)];
        _uids = callable.ToFrozenDictionary(action => (action.Tool, action.Operation.Name), action => action.Definition.Uid);
    }

    public IReadOnlyList<EntityDefinition> Definitions { get; }

    /// <summary>Those of <see cref="Definitions"/> that no request is, but others are in.</summary>
    public IReadOnlyList<EntityDefinition> Groups { get; }

    /// <summary>Those of <see cref="Definitions"/> that requests are.</summary>
    public IReadOnlyList<CallableAction> Callable { get; }

    /// <summary>The methods that requests without an operation are expected to have.</summary>
    public static IReadOnlyList<string> Methods => KindByMethod.Keys;

    /// <summary>Whether a text is a method beside <see cref="Methods"/> that a request could have and that would be forwarded.</summary>
    public static bool IsOtherMethod(string text) =>
        text.AsSpan().ContainsAnyInRange('A', 'Z')
        && !text.AsSpan().ContainsAnyExcept(MethodCharacters)
        && text is not ("CONNECT" or "TRACE" or "TRACK")
        && !KindByMethod.ContainsKey(text);

    /// <summary>The action of a request; null where its method is one that nobody foresaw (see <see cref="Define"/>).</summary>
    public EntityUid? Find(string tool, string operation) => _uids.GetValueOrDefault((tool, operation));

    /// <summary>An action with its parents: the tool's "*" and the kind of its method.</summary>
    public static EntityDefinition Define(string tool, string operation, string method) => new(
        new EntityUid(Type, $"{tool}/{operation}"),
        [new EntityUid(Type, $"{tool}/*"), new EntityUid(Type, KindOf(method))]);

    /// <summary>"read", "create", "update", "delete" or "other".</summary>
    public static string KindOf(string method) => KindByMethod.GetValueOrDefault(method, "other");

    private static CallableAction Create(ToolVocabulary tool, OperationVocabulary operation, bool canOccur) =>
        new(tool.Name, operation, Define(tool.Name, operation.Name, operation.Method), canOccur);
}
