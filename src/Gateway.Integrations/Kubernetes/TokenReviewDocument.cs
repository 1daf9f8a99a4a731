using System.Text.Json;
using Gateway.Core.Identity;

namespace Gateway.Integrations.Kubernetes;

/// <summary>A TokenReview of authentication.k8s.io/v1: the question, and what counts as yes.</summary>
internal static class TokenReviewDocument
{
    public const string Path = "/apis/authentication.k8s.io/v1/tokenreviews";

    public static byte[] Question(string token, IReadOnlyList<string> audiences) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        apiVersion = "authentication.k8s.io/v1",
        kind = "TokenReview",
        spec = new { token, audiences },
    });

    /// <summary>Whether the answer vouches for the token: authenticated, as that user, for one of our audiences.</summary>
    /// <returns>Null where it is no TokenReview at all.</returns>
    public static bool? Vouches(ReadOnlySpan<byte> answer, string user, IReadOnlyList<string> audiences)
    {
        if (!StrictJson.TryParseObject(answer, out var review) || !TryObject(review, "status", out var status))
        {
            return null;
        }

        // Absent where it is false, like every field of the API. An answer without audiences comes from a server that does not
        // know them, and says nothing about whom the token is for.
        return status.TryGetProperty("authenticated", out var authenticated)
            && authenticated.ValueKind == JsonValueKind.True
            && TryObject(status, "user", out var subject)
            && subject.TryGetProperty("username", out var name)
            && name.ValueKind == JsonValueKind.String
            && name.ValueEquals(user)
            && status.TryGetProperty("audiences", out var intended)
            && intended.ValueKind == JsonValueKind.Array
            && intended.EnumerateArray().Any(a => a.ValueKind == JsonValueKind.String && audiences.Contains(a.GetString(), StringComparer.Ordinal));
    }

    private static bool TryObject(JsonElement parent, string name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Object;
}
