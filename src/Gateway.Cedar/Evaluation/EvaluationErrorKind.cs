namespace Gateway.Cedar.Evaluation;

internal enum EvaluationErrorKind
{
    WrongType,
    Overflow,
    MissingEntity,
    MissingAttribute,
    MissingTag,
    ArgumentCount,

    /// <summary>An extension function got text that it cannot read, or ran out of range.</summary>
    Function,
}
