namespace Gateway.Configuration;

/// <summary>What an operator is told to write where the key is missing or holds something else.</summary>
/// <param name="text">Completes the sentence "write …".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExpectsAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}
