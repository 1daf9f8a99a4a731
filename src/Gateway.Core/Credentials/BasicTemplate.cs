namespace Gateway.Core.Credentials;

/// <summary>The user and password of an <c>Authorization: Basic</c> header, RFC 7617.</summary>
/// <param name="User">Text with <c>{field}</c> placeholders; must not contain ":".</param>
/// <param name="Password">Text with <c>{field}</c> placeholders; may be empty, as some APIs take a key as the user alone.</param>
internal sealed record BasicTemplate(string User, string Password);
