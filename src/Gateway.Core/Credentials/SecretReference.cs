namespace Gateway.Core.Credentials;

/// <summary>Where a secret is to be read: <c>secret:NAME</c>, <c>env:NAME</c> or <c>file:PATH</c>.</summary>
/// <param name="Scheme">"secret", "env" or "file".</param>
/// <param name="Name">The secret's name, the variable's name, or an absolute path.</param>
internal sealed record SecretReference(string Scheme, string Name)
{
    public override string ToString() => $"{Scheme}:{Name}";
}
