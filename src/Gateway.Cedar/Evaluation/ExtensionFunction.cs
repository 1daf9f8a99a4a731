using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Cedar;

/// <summary>A function or method of an extension type.</summary>
internal sealed class ExtensionFunction
{
    private static readonly FrozenDictionary<string, ExtensionFunction> All = ExtensionLibrary
        .CreateAll().ToFrozenDictionary(static function => function.Name, StringComparer.Ordinal);

    private readonly Func<CedarValue, CedarValue, CedarValue> _body;

    public ExtensionFunction(string name, bool isMethod, ImmutableArray<ValueKind> parameters, ValueKind result, Func<CedarValue, CedarValue, CedarValue> body)
    {
        Name = name;
        IsMethod = isMethod;
        Parameters = parameters;
        Result = result;
        _body = body;
    }

    public static IEnumerable<string> Functions => All.Values.Where(static f => !f.IsMethod).Select(static f => f.Name);

    /// <summary>The methods, those of sets and tags included, which are operators and not in the table.</summary>
    public static IEnumerable<string> Methods => All.Values.Where(static f => f.IsMethod).Select(static f => f.Name)
        .Concat(["contains", "containsAll", "containsAny", "isEmpty", "getTag", "hasTag"]);

    public string Name { get; }

    public bool IsMethod { get; }

    /// <summary>The types of the arguments, of a method that of its target first.</summary>
    public ImmutableArray<ValueKind> Parameters { get; }

    public ValueKind Result { get; }

    /// <summary>True of <c>ip</c>, <c>decimal</c>, <c>datetime</c> and <c>duration</c>, which make a value from text.</summary>
    public bool IsConstructor => !IsMethod;

    public static ExtensionFunction? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Calls it with arguments of the right types; no value means that the text is not readable or the result out of range.</summary>
    public CedarValue Invoke(CedarValue first, CedarValue second) => _body(first, second);
}
