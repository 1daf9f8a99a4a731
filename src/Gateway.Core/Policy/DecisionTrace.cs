using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>A decision and how each policy came to its part in it.</summary>
/// <param name="Decision">The same as the engine decides.</param>
/// <param name="Steps">Every policy, in the order of the files.</param>
/// <param name="Errors">The policies that failed to evaluate.</param>
internal sealed record DecisionTrace(Decision Decision, IReadOnlyList<PolicyExplanation> Steps, IReadOnlyList<PolicyError> Errors);
