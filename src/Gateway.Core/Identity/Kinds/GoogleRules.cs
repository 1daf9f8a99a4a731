using System.Text.Json;

namespace Gateway.Core.Identity.Kinds;

/// <summary>An identity token of a service account; those of people are refused.</summary>
/// <remarks>What tells them apart is the verified address: Google alone gives out addresses below gserviceaccount.com.</remarks>
internal sealed class GoogleRules : ITokenRules
{
    private const string ServiceAccounts = ".gserviceaccount.com";

    public IdentityFailure? Check(JsonElement claims) =>
        claims.GetProperty("sub").GetString() is { } subject
        && subject.All(char.IsAsciiDigit)
        && claims.TryGetProperty("email_verified", out var verified)
        && verified.ValueKind == JsonValueKind.True
        && claims.TryGetProperty("email", out var email)
        && email.ValueKind == JsonValueKind.String
        && email.GetString() is { } address
        && address.Count(c => c == '@') == 1
        && address.EndsWith(ServiceAccounts, StringComparison.Ordinal)
            ? null
            : IdentityFailure.NotAServiceAccount;
}
