using Gateway.Core.Identity;

namespace Gateway.Identity;

/// <summary>What a request presented as its identity: nothing, something that fails as it stands, or a token to verify.</summary>
/// <remarks>The zero value is "nothing".</remarks>
internal readonly struct PresentedToken
{
    private readonly IdentityFailure _failure;

    private PresentedToken(TokenCarrier carrier, TokenScheme scheme, ReadOnlyMemory<char> token, IdentityFailure failure)
    {
        Carrier = carrier;
        Scheme = scheme;
        Token = token;
        _failure = failure;
    }

    public TokenCarrier Carrier { get; }

    /// <summary>How the token was presented, where the carrier says.</summary>
    public TokenScheme Scheme { get; }

    /// <summary>The token alone; empty where there is none to verify.</summary>
    public ReadOnlyMemory<char> Token { get; }

    /// <summary>Whether a carrier was present, whatever it held: then no other identity of the request may count.</summary>
    public bool IsPresent => Carrier != TokenCarrier.None;

    /// <summary>Whether there is a token to verify.</summary>
    public bool HasToken => !Token.IsEmpty;

    /// <summary>Why there is no token to verify.</summary>
    public IdentityFailure Failure => IsPresent ? _failure : IdentityFailure.Missing;

    public static PresentedToken Of(TokenCarrier carrier, TokenScheme scheme, ReadOnlyMemory<char> token) => new(carrier, scheme, token, default);

    public static PresentedToken Failing(TokenCarrier carrier, IdentityFailure failure) => new(carrier, default, default, failure);
}
