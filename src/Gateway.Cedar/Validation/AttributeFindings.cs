using Gateway.Cedar.Schemas;
using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>Which attributes that a policy reads or tests are there, over all kinds of request that it applies to.</summary>
/// <remarks>Whether an attribute is misspelt or merely absent from some requests is known only when all have been looked at.</remarks>
internal sealed class AttributeFindings(string policyId, SourceText source)
{
    private readonly HashSet<(SourceSpan, string)> _found = [];
    private readonly Dictionary<(SourceSpan Span, string Attribute), Missing> _missing = [];

    public void AddFound(SourceSpan span, string attribute) => _found.Add((span, attribute));

    /// <param name="span">Where it is read or tested.</param>
    /// <param name="attribute">The expression as a whole, by which it is told from others of the same place.</param>
    /// <param name="missing">How the kind of request lacks it; of several the first is told.</param>
    /// <param name="known">The attributes there are instead.</param>
    public void AddMissing(SourceSpan span, string attribute, Missing missing, IEnumerable<string> known)
    {
        if (!_missing.TryGetValue((span, attribute), out var first))
        {
            _missing.Add((span, attribute), first = missing);
        }

        first.Known.UnionWith(known);
    }

    public IEnumerable<Diagnostic> ToDiagnostics()
    {
        foreach (var ((span, attribute), missing) in _missing)
        {
            var isFound = _found.Contains((span, attribute));
            if (!isFound || !missing.IsTest)
            {
                var kind = isFound ? DiagnosticKind.MayBeAbsent : missing.IsTest ? DiagnosticKind.NeverPresent : DiagnosticKind.Mistake;
                yield return new(source, span, Describe(attribute, missing, kind), policyId, kind, isWarning: missing.IsTest)
                {
                    Attribute = missing.Name,
                    AttributeOwner = missing.Owner,
                };
            }
        }
    }

    private static string Describe(string attribute, Missing missing, DiagnosticKind kind) => kind switch
    {
        DiagnosticKind.MayBeAbsent =>
            $"`{attribute}` may be absent, as of `{missing.Action}`, expected `{missing.Owner} has {TypePrinter.NameOf(missing.Name)} &&` before it",
        DiagnosticKind.NeverPresent =>
            $"`{missing.Owner}` never has an attribute `{missing.Name}`{Suggestion.For(missing.Name, missing.Known)}",
        _ => $"`{missing.Owner}`, of type `{missing.Type}`, has no attribute `{missing.Name}`{Suggestion.For(missing.Name, missing.Known)}",
    };

    /// <param name="Owner">The expression that lacks the attribute.</param>
    /// <param name="Name">The attribute.</param>
    /// <param name="Type">The expression's type.</param>
    /// <param name="Action">The action of the kind of request.</param>
    /// <param name="IsTest">Whether it stands in a <c>has</c>, where lacking it is no error.</param>
    internal sealed record Missing(string Owner, string Name, CedarType Type, EntityUid Action, bool IsTest)
    {
        public HashSet<string> Known { get; } = new(StringComparer.Ordinal);
    }
}
