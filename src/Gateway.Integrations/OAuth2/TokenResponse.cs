using Gateway.Core.Credentials;

namespace Gateway.Integrations.OAuth2;

/// <summary>What a token endpoint gave.</summary>
/// <param name="AccessToken">A bearer token.</param>
/// <param name="ExpiresIn">Its life from the moment of the request; null where the server did not say.</param>
internal sealed record TokenResponse(SecretValue AccessToken, TimeSpan? ExpiresIn);
