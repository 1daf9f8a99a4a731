namespace Gateway.Cedar.Evaluation;

/// <summary>Why an expression has no value. Travels as a value, so that the hot path throws nothing; the message is made only when read.</summary>
internal sealed class EvaluationError(EvaluationErrorKind kind, Syntax.SourceSpan span, object? subject = null, object? detail = null)
{
    public Syntax.SourceSpan Span { get; } = span;

    /// <summary>Types, attributes and entities, but no value: a value may come from a request's body, and messages end up in logs.</summary>
    public string Message => kind switch
    {
        EvaluationErrorKind.WrongType => $"type error: expected {detail}, got {subject}",
        EvaluationErrorKind.Overflow => $"integer overflow in `{detail}`",
        EvaluationErrorKind.MissingEntity => $"the entity `{subject}` does not exist",
        EvaluationErrorKind.MissingAttribute => $"{subject} does not have the attribute `{detail}`",
        EvaluationErrorKind.MissingTag => $"`{subject}` does not have the tag",
        EvaluationErrorKind.ArgumentCount => $"`{detail}` does not take {subject} arguments",
        _ => $"`{detail}` cannot read its argument, or its result is out of range",
    };

    public static CedarValue WrongType(Syntax.SourceSpan span, CedarValue value, string expected) =>
        value.Error is not null
            ? value
            : CedarValue.From(new EvaluationError(EvaluationErrorKind.WrongType, span, ValueText.NameOf(value.Kind), expected));

    public static CedarValue Of(EvaluationErrorKind kind, Syntax.SourceSpan span, object? subject, object? detail) =>
        CedarValue.From(new EvaluationError(kind, span, subject, detail));
}
