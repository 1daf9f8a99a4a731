using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Gateway.Core.Audit.Chain;

/// <summary>What the log's head says of its end: without it nobody would miss records that were cut off.</summary>
/// <param name="Log">The log's id.</param>
/// <param name="Sequence">The last record when it was written.</param>
/// <param name="Chain">That record's value in the chain: 32 bytes.</param>
internal sealed record LogHead(string Log, long Sequence, byte[] Chain)
{
    public const string FileName = "calls.head";

    // Whatever is beyond cannot be a count of records: a forged head must not bring the sequence to its end.
    private const long Most = 1L << 53;

    /// <summary>Replaces the head as a whole: who reads it finds the old or the new one.</summary>
    /// <param name="directory">The log's directory.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="flush">Whether it is to reach the disk itself before it takes the old one's place.</param>
    public static void Write(string directory, string statement, bool flush)
    {
        var path = Path.Combine(directory, FileName);
        var next = path + ".new";
        using (var file = PrivateFile.Open(next, FileMode.Create, FileShare.None))
        {
            RandomAccess.Write(file.SafeFileHandle, Encoding.ASCII.GetBytes(statement + "\n"), 0);
            if (flush)
            {
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>The head of a log that is continued; null where there is none, or none that can be read.</summary>
    /// <remarks>The signature is the verifier's matter: whatever a forged head says, the gap that it leaves is found.</remarks>
    public static LogHead? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : null;
    }

    /// <param name="statement">A compact JWS.</param>
    public static LogHead? Parse(string statement)
    {
        var parts = statement.Split('.');
        try
        {
            using var payload = JsonDocument.Parse(parts.Length == 3 ? Base64Url.DecodeFromChars(parts[1]) : []);
            var members = payload.RootElement;
            var sequence = members.GetProperty("sequence").GetInt64();
            var chain = Convert.FromHexString(members.GetProperty("chain").GetString() ?? "");
            return members.GetProperty("log").GetString() is { } log && Guid.TryParseExact(log, "D", out _) && sequence is >= 0 and < Most && chain.Length == LogChain.HashBytes
                ? new LogHead(log, sequence, chain)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
