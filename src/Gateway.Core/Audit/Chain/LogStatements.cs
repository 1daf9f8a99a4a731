using System.Buffers;
using System.Text.Json;

namespace Gateway.Core.Audit.Chain;

/// <summary>Signs what the log holds: compact JWS, ES256, in the form of deploy/call-log.md.</summary>
/// <param name="signer">The audit key.</param>
/// <param name="log">The log's id.</param>
/// <param name="clock">Whose time the statements carry.</param>
internal sealed class LogStatements(IAuditSigner signer, string log, TimeProvider clock)
{
    private const string Type = "gateway-checkpoint+jwt";

    /// <param name="kind">Why it is made.</param>
    /// <param name="sequence">The record that it is about; 0 before the first.</param>
    /// <param name="chain">That record's value in the chain, hexadecimal.</param>
    /// <param name="closed">Whether the log ends there in good order; for <see cref="StatementKind.Head"/> alone.</param>
    /// <exception cref="AuditSigningException">There is no signature to be had now.</exception>
    /// <remarks>Not to be cancelled: it takes no longer than <see cref="AuditSigning.Timeout"/>.</remarks>
    public ValueTask<string> SignAsync(StatementKind kind, long sequence, string chain, bool closed = false) =>
        signer.SignInTimeAsync(Type, Payload(kind, sequence, chain, closed), clock, CancellationToken.None);

    private ReadOnlyMemory<byte> Payload(StatementKind kind, long sequence, string chain, bool closed)
    {
        var payload = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("log"u8, log);
            json.WriteString("kind"u8, Name(kind));
            json.WriteNumber("sequence"u8, sequence);
            json.WriteString("chain"u8, chain);
            json.WriteNumber("time"u8, clock.GetUtcNow().ToUnixTimeMilliseconds());
            if (closed)
            {
                json.WriteBoolean("closed"u8, true);
            }

            json.WriteEndObject();
        }

        return payload.WrittenMemory;
    }

    private static string Name(StatementKind kind) => kind switch
    {
        StatementKind.Opening => "opening",
        StatementKind.Interval => "interval",
        StatementKind.Rotation => "rotation",
        StatementKind.Closing => "closing",
        StatementKind.Retention => "retention",
        _ => "head",
    };
}
