using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Audit.Verification;

/// <summary>A statement whose signature is right, or why there is none.</summary>
internal readonly record struct StatementResult(Statement? Value, string? Problem)
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsRight => Value is not null;
}
