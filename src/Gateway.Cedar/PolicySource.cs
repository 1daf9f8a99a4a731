namespace Gateway.Cedar;

/// <summary>A policy file: its name, for messages, and its text.</summary>
public sealed record PolicySource(string Name, string Text);
