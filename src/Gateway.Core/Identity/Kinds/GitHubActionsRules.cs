using System.Text.Json;

namespace Gateway.Core.Identity.Kinds;

/// <summary>A job's token names its repository and the repository's owner by their ids, which are never given to another.</summary>
/// <remarks>The format of <c>sub</c> is the repository owner's choice, so it is not read.</remarks>
internal sealed class GitHubActionsRules : ITokenRules
{
    public const string Repository = "repository_id";
    public const string Owner = "repository_owner_id";

    public IdentityFailure? Check(JsonElement claims) => HasId(claims, Repository) && HasId(claims, Owner) ? null : IdentityFailure.RepositoryInvalid;

    private static bool HasId(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= 20 } id
        && id.All(char.IsAsciiDigit);
}
