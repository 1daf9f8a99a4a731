namespace Gateway.Cedar.Schemas;

internal sealed record AttributeSyntax(string Name, TypeSyntax Type, bool IsRequired);
