using System.Text.Json;

namespace Gateway.Core.Identity.Kinds;

/// <summary>A projected service account token: its subject is a service account, and the claim "kubernetes.io" says the same.</summary>
/// <remarks>Tokens from secrets of type service-account-token have other claims, never expire, and are refused.</remarks>
internal sealed class KubernetesRules : ITokenRules
{
    private static readonly ClaimPath Namespace = ClaimPath.Of("/kubernetes.io/namespace");
    private static readonly ClaimPath ServiceAccount = ClaimPath.Of("/kubernetes.io/serviceaccount/name");

    public IdentityFailure? Check(JsonElement claims) =>
        Text(claims, Namespace) is { } space
        && Text(claims, ServiceAccount) is { } account
        && claims.GetProperty("sub").ValueEquals($"system:serviceaccount:{space}:{account}")
            ? null
            : IdentityFailure.ServiceAccountInvalid;

    /// <summary>Neither has a colon in it (RFC 1123 labels), or two accounts could share a subject.</summary>
    private static string? Text(JsonElement claims, ClaimPath path) =>
        path.TryFind(claims, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && !text.Contains(':')
            ? text
            : null;
}
