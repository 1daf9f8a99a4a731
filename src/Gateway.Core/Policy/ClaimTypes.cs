using System.Collections.Frozen;
using Gateway.Cedar;

namespace Gateway.Core.Policy;

/// <summary>The Cedar types of claims.</summary>
/// <remarks>
/// Names and types: RFC 7519 §4.1, RFC 8176 (amr), RFC 8693 §4.2 (scope), RFC 9068 §2.2, OpenID Connect Core 1.0 §5.1, the
/// tokens of Entra ID (tid, oid, wids, idtyp), of Kubernetes' service accounts and of Google's virtual machines.
/// </remarks>
internal static class ClaimTypes
{
    private const string Text = "String";
    private const string Texts = "Set<String>";
    private const string Number = "Long";
    private const string Truth = "Bool";

    /// <summary>What a claim may be that nobody has said anything about, in the order of likelihood.</summary>
    public static readonly IReadOnlyList<string> Candidates = [Text, Texts, Number, Truth];

    private const string Kubernetes = """
        { namespace: String, serviceaccount: { name: String, uid: String }, pod?: { name: String, uid: String }, node?: { name: String, uid?: String }, secret?: { name: String, uid: String }, warnafter?: Long }
        """;

    private const string ComputeEngine = """
        { compute_engine?: { project_id: String, project_number: Long, zone: String, instance_id: String, instance_name: String, instance_creation_timestamp: Long } }
        """;

    private static readonly FrozenDictionary<string, string> WellKnown = new (string Type, string[] Claims)[]
    {
        (Texts, ["groups", "roles", "amr", "wids", "entitlements", "permissions"]),
        (Truth, ["email_verified", "phone_number_verified"]),
        (Number, ["iat", "exp", "nbf", "auth_time", "updated_at"]),
        (Text, ["iss", "sub", "jti", "azp", "client_id", "appid", "tid", "oid", "sid", "acr", "scope", "idtyp", "email", "name", "preferred_username", "upn"]),
        (Kubernetes, ["kubernetes.io"]),
        (ComputeEngine, ["google"]),
    }.SelectMany(group => group.Claims.Select(claim => KeyValuePair.Create(claim, group.Type))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Why a text is not one type, or null.</summary>
    public static string? Check(string text)
    {
        // A semicolon would end the type and begin a declaration; no type has one outside a name.
        if (text.Contains(';', StringComparison.Ordinal))
        {
            return "a type has no semicolon";
        }

        // As deep as it will stand in the schema, too.
        var result = CedarSchema.Parse($"type Claim = {text}\n;\ntype Agent = {{ claims: {{ claim: Claim }} }};");
        return result.Succeeded ? null : result.Diagnostics[0].Message;
    }

    /// <summary>What configuration or convention says of a claim; null where they say nothing.</summary>
    public static string? Find(PolicyVocabulary vocabulary, string claim) =>
        vocabulary.ClaimTypes.GetValueOrDefault(claim) ?? WellKnown.GetValueOrDefault(claim);
}
