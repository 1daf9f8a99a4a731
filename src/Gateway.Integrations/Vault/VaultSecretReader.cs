using System.Text.Json;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Vault;

/// <summary><c>vault:PATH#FIELD</c>: one field of the newest version of a KV version 2 secret, read anew each time.</summary>
internal static class VaultSecretReader
{
    private const string Data = "data";

    /// <exception cref="SecretUnavailableException">There is no such secret, or Vault cannot be asked.</exception>
    public static async ValueTask<SecretValue> ReadAsync(VaultSession session, SecretReference reference, CancellationToken cancellationToken)
    {
        if (!VaultReference.TryParse(reference.Name, out var parsed))
        {
            throw new SecretUnavailableException("A vault: reference has no path and field.");
        }

        var request = new VaultRequest(HttpMethod.Get, ApiPath(parsed.Path), VaultEffect.Repeatable);
        VaultAnswer answer;
        try
        {
            answer = await session.SendAsync(request, cancellationToken);
        }
        catch (VaultException failure)
        {
            throw new SecretUnavailableException($"{reference}: {failure.Message}");
        }

        return answer.Succeeded ? Field(reference, parsed, answer)
            : throw new SecretUnavailableException($"{reference}: {(IsDeleted(answer) ? "its newest version is deleted; undelete it, or write another." : answer.Refuse(request).Message)}");
    }

    /// <summary>A path as <c>vault kv</c> takes it, with its mount as the first name, becomes the API's; one that has <c>data/</c> is the API's.</summary>
    private static string ApiPath(string path)
    {
        var names = path.Split('/');
        return names.Skip(1).Contains(Data, StringComparer.Ordinal) ? path : string.Join('/', names.Take(1).Append(Data).Concat(names.Skip(1)));
    }

    private static bool IsDeleted(VaultAnswer answer) =>
        answer.Status == 404 && VaultAnswer.Child(answer.Data, "metadata").ValueKind == JsonValueKind.Object;

    private static SecretValue Field(SecretReference reference, VaultReference parsed, VaultAnswer answer)
    {
        var secret = VaultAnswer.Child(answer.Data, Data);
        if (secret.ValueKind != JsonValueKind.Object || VaultAnswer.Child(answer.Data, "metadata").ValueKind != JsonValueKind.Object)
        {
            throw new SecretUnavailableException($"{reference}: that is no secret of a KV version 2 engine.");
        }

        return VaultAnswer.Child(secret, parsed.Field) switch
        {
            { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } value => new SecretValue(value),
            { ValueKind: JsonValueKind.Number } number => new SecretValue(number.GetRawText()),
            { ValueKind: JsonValueKind.Undefined } => throw new SecretUnavailableException($"{reference}: the secret has no such field."),
            _ => throw new SecretUnavailableException($"{reference}: the field is no text, or it is empty."),
        };
    }
}
