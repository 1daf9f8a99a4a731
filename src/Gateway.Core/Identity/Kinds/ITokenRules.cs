using System.Text.Json;

namespace Gateway.Core.Identity.Kinds;

/// <summary>What tokens of one kind of issuer must say beyond what every token must.</summary>
internal interface ITokenRules
{
    /// <param name="claims">Of a token whose signature, times, audience and subject are good.</param>
    /// <returns>The check that failed; null where none did.</returns>
    IdentityFailure? Check(JsonElement claims);
}
