namespace Gateway.Core.Policy;

/// <summary>What policy says of a request. The zero value denies.</summary>
internal enum DecisionOutcome
{
    Deny = 0,
    Allow = 1,
}
