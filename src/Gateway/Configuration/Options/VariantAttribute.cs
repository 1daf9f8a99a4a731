namespace Gateway.Configuration;

/// <summary>Names the record that a value of the key "Type" selects.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
internal sealed class VariantAttribute(string name, Type type) : Attribute
{
    /// <summary>The key that selects.</summary>
    public const string Discriminator = "Type";

    public string Name { get; } = name;

    public Type Type { get; } = type;
}
