namespace Gateway.Cedar.Schemas;

/// <summary>The declarations of one namespace.</summary>
internal sealed class NamespaceSyntax(string name)
{
    /// <summary>Empty for declarations outside any namespace.</summary>
    public string Name { get; } = name;

    public List<EntitySyntax> Entities { get; } = [];

    public List<ActionSyntax> Actions { get; } = [];

    public List<CommonTypeSyntax> CommonTypes { get; } = [];

    public string Qualify(string declared) => Name.Length == 0 ? declared : $"{Name}::{declared}";
}
