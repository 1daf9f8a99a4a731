using Gateway.Core.Credentials;
using Gateway.Integrations.Vault;

namespace Gateway.Configuration;

/// <summary>Where the audit key is: a private key to be read, or a key of Vault's that signs there and that nobody reads.</summary>
internal sealed record AuditKeyReference
{
    private const string TransitScheme = "transit:";

    /// <param name="secret">The private key.</param>
    public AuditKeyReference(SecretReference secret) => Secret = secret;

    private AuditKeyReference(TransitKey transit) => Transit = transit;

    /// <summary>Null where it is Vault's.</summary>
    public SecretReference? Secret { get; }

    /// <summary>Null where it is read.</summary>
    public TransitKey? Transit { get; }

    /// <summary>Returns null and what to write instead where the text is no such reference. The text itself is never repeated.</summary>
    public static AuditKeyReference? Parse(string text, string baseDirectory, out string problem)
    {
        if (!text.StartsWith(TransitScheme, StringComparison.Ordinal))
        {
            return SecretReferenceSyntax.Parse(text, baseDirectory, out problem) is { } secret ? new AuditKeyReference(secret) : null;
        }

        problem = "must name a key of Vault's transit engine behind \"transit:\": write for example transit:gateway-audit, or transit:MOUNT/NAME where the engine is mounted elsewhere than at \"transit\".";
        return TransitKey.TryParse(text[TransitScheme.Length..], out var key) ? new AuditKeyReference(key) : null;
    }

    public override string ToString() => Transit is null ? $"{Secret}" : TransitScheme + Transit;
}
