using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gateway.Core.Audit.Verification;

/// <summary>Reads statements and checks their signatures: compact JWS (RFC 7515 §7.1), ES256 (RFC 7518 §3.4), in one spelling.</summary>
internal sealed class StatementReader(VerificationKeys keys)
{
    private const string Type = "gateway-checkpoint+jwt";

    private static readonly SearchValues<char> Base64UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    public StatementResult Read(string compact)
    {
        var parts = compact.Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload || Decode(parts[2]) is not { } signature)
        {
            return Wrong("is no compact JWS");
        }

        try
        {
            using var head = JsonDocument.Parse(header, Strict);
            if (Text(head.RootElement, "typ") != Type || Text(head.RootElement, "alg") != "ES256" || head.RootElement.TryGetProperty("crit", out _))
            {
                return Wrong("is signed as something else than a statement about a call log");
            }

            var keyId = Text(head.RootElement, "kid") ?? "";
            if (keys.Find(keyId) is not { } key)
            {
                return Wrong($"is signed by key '{Printable.Of(keyId)}', which is none of those given");
            }

            var signed = Encoding.ASCII.GetBytes(compact, 0, compact.LastIndexOf('.'));
            if (!key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            {
                return Wrong("has a signature that is not that of the key it names");
            }

            using var body = JsonDocument.Parse(payload, Strict);
            return ReadPayload(body.RootElement) is { } statement ? new StatementResult(statement, null) : Wrong("is signed and does not say what a statement says");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Wrong("is no JSON inside");
        }
    }

    private static StatementResult Wrong(string problem) => new(null, problem);

    private static Statement? ReadPayload(JsonElement payload)
    {
        if (!Guid.TryParseExact(Text(payload, "log"), "D", out var log)
            || Kind(Text(payload, "kind")) is not (not StatementKind.None and var kind)
            || Number(payload, "sequence") is not (>= 0 and var sequence)
            || !ChainValue.TryParse(Encoding.UTF8.GetBytes(Text(payload, "chain") ?? ""), out var chain)
            || Number(payload, "time") is not { } time)
        {
            return null;
        }

        var closed = payload.TryGetProperty("closed", out var value) && value.ValueKind == JsonValueKind.True;
        return new Statement(log, kind, sequence, chain, time, closed && kind == StatementKind.Head);
    }

    private static StatementKind Kind(string? text) => text switch
    {
        "opening" => StatementKind.Opening,
        "interval" => StatementKind.Interval,
        "rotation" => StatementKind.Rotation,
        "closing" => StatementKind.Closing,
        "retention" => StatementKind.Retention,
        "head" => StatementKind.Head,
        _ => StatementKind.None,
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Null for what another spelling of the same bytes would be: padding, white space, stray bits at the end.</summary>
    private static byte[]? Decode(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Base64UrlCharacters))
        {
            return null;
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out var consumed, out var written) == OperationStatus.Done && consumed == text.Length
            && Base64Url.EncodeToString(bytes.AsSpan(0, written)) == text
            ? bytes[..written]
            : null;
    }
}
