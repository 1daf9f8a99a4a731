namespace Gateway.Cedar.Schemas;

/// <summary>The type of an attribute, and whether it must be there.</summary>
internal sealed record AttributeType(CedarType Type, bool IsRequired);
