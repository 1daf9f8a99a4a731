namespace Gateway.Cedar.Schemas;

/// <summary>A name given to a type.</summary>
internal sealed record CommonTypeSyntax(NameSyntax Name, TypeSyntax Type);
