namespace Gateway.Core.Credentials;

/// <summary>A configured credential, ready to issue leases.</summary>
/// <remarks>Compared by reference: after a reload that changed it, leases of the old definition are not used any more.</remarks>
internal sealed class CredentialDefinition
{
    /// <summary>How long before its end a credential counts as expiring.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    public required string Name { get; init; }

    public required ICredentialProvider Provider { get; init; }

    /// <summary>What to put on the outgoing request; at least one entry.</summary>
    /// <exception cref="ArgumentException">A template that <see cref="InjectionTemplate.Validate(IReadOnlyList{InjectionTemplate}, IReadOnlyCollection{string}?)"/> would have found wrong.</exception>
    public required IReadOnlyList<InjectionTemplate> Inject
    {
        get;
        init
        {
            field = value;
            Renderer = InjectionRenderer.Compile(value);
        }
    }

    /// <summary>Upper bound of a lease's life; null means the issuer's own, or 5 minutes where the issuer states none.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The scopes, with spaces between them, that it is obtained with unless policy asks for others; empty where its issuer decides, null where it knows no scopes.</summary>
    public string? Scope { get; init; }

    /// <summary>Who answers for it and replaces it; null where nobody is named.</summary>
    public string? Owner { get; init; }

    /// <summary>From when on nothing is issued any more; null means never.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Whether it is a long-lived secret, tolerated until <see cref="NotAfter"/>: every use of it is recorded as such.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>Whether it has expired, or will soon enough for its owner to act.</summary>
    public bool Expires(DateTimeOffset now) => NotAfter - now <= Notice;

    /// <summary><see cref="Inject"/>, compiled at load so that a mistake in it is found at load.</summary>
    public InjectionRenderer Renderer { get; private init; } = InjectionRenderer.None;
}
