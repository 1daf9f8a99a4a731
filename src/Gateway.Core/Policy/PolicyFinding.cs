using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>Something that is wrong with a policy, in words for its author.</summary>
/// <param name="Text"><c>file:line:column: error: policy `id`: …</c>, then the line concerned.</param>
/// <param name="IsWarning">Whether the policy can be used all the same: what is wrong with it denies more than it should, never less.</param>
internal sealed record PolicyFinding(string Text, bool IsWarning)
{
    public static PolicyFinding From(Diagnostic diagnostic) => new(diagnostic.ToString(), diagnostic.IsWarning);
}
