using Gateway.Cedar.Syntax;

namespace Gateway.Cedar;

/// <summary>An entity that a policy names.</summary>
public sealed class EntityReference
{
    private readonly Policy _policy;
    private readonly SourceSpan _span;

    internal EntityReference(Policy policy, EntityUid uid, SourceSpan span)
    {
        _policy = policy;
        _span = span;
        Uid = uid;
    }

    /// <summary>The entity.</summary>
    public EntityUid Uid { get; }

    /// <summary>A finding about it, for what a schema cannot say: that no such entity exists, for one.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="known">The ids that could have been meant; the nearest, if one is near, is named.</param>
    /// <param name="isWarning">Whether the policy can be used all the same.</param>
    public Diagnostic Report(string message, IEnumerable<string> known, bool isWarning) =>
        new(_policy.Syntax.Source, _span, message + Suggestion.For(Uid.Id, known), _policy.Id, DiagnosticKind.Mistake, isWarning);
}
