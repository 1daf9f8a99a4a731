using Gateway.Cedar.Syntax;

namespace Gateway.Cedar.Validation;

/// <summary>The findings about one policy, each once, however many kinds of request show it.</summary>
internal sealed class ValidationReport(string policyId, SourceText source)
{
    private readonly HashSet<(SourceSpan, string)> _seen = [];
    private readonly List<Diagnostic> _diagnostics = [];

    public bool HasErrors => _diagnostics.Exists(static d => !d.IsWarning);

    public AttributeFindings Attributes { get; } = new(policyId, source);

    public IEnumerable<Diagnostic> InOrder() => _diagnostics
        .Concat(Attributes.ToDiagnostics())
        .OrderBy(static d => d.Line).ThenBy(static d => d.Column);

    public void Error(SourceSpan span, string message) => Add(new(source, span, message, policyId), span);

    /// <summary>Says that an attribute is read that may be absent.</summary>
    public void MayBeAbsent(SourceSpan span, string owner, string attribute, string message) =>
        Add(new(source, span, message, policyId, DiagnosticKind.MayBeAbsent) { Attribute = attribute, AttributeOwner = owner }, span);

    public void NeverApplies(SourceSpan span, string message) =>
        Add(new(source, span, message, policyId, DiagnosticKind.NeverApplies, isWarning: true), span);

    private void Add(Diagnostic diagnostic, SourceSpan span)
    {
        if (_seen.Add((span, diagnostic.Message)))
        {
            _diagnostics.Add(diagnostic);
        }
    }
}
