using System.Security.Cryptography;
using Gateway.Core.Audit.Reading;

namespace Gateway.Core.Audit.Delivery;

/// <summary>The last record that a sink has had.</summary>
/// <param name="Sequence">Its sequence number; 0 before the first.</param>
/// <param name="Digest">SHA-256 of its line, in hexadecimal: sequences begin anew with another log. Empty before the first.</param>
internal readonly record struct SinkCursor(long Sequence, string Digest)
{
    public static readonly SinkCursor Start = new(0, "");

    public static SinkCursor At(CallLogLine line) => new(line.Sequence, Convert.ToHexStringLower(SHA256.HashData(line.Json.Span)));
}
