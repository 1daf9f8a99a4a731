namespace Gateway.Core.Credentials;

/// <summary>One header to inject.</summary>
/// <param name="Header">Field name, an RFC 9110 token.</param>
/// <param name="Value">Text with <c>{field}</c> placeholders.</param>
internal sealed record InjectionTemplate(string Header, string Value);
