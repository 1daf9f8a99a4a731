using Gateway.Cedar.Schemas;

namespace Gateway.Cedar.Validation;

/// <summary>One kind of request that the schema allows.</summary>
internal sealed record RequestEnvironment(string PrincipalType, ActionDefinition Action, string ResourceType);
