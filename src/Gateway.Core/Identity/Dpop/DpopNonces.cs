using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Identity.Dpop;

/// <summary>Nonces for DPoP proofs (RFC 9449, section 9): one a minute, each good for five.</summary>
/// <remarks>
/// A nonce is a message authentication code of its minute, so that none is stored. It proves that a proof was not made in stock; that
/// it is used once is the replay cache's task. The key lives and dies with the process: after a restart no older proof counts.
/// </remarks>
internal sealed class DpopNonces(TimeProvider time)
{
    private const int Length = 16;
    private const int Minutes = 5;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private Window? _window;

    /// <summary>What the next proof should hold.</summary>
    public string Current => GetWindow().Texts[0];

    public bool IsGood(ReadOnlySpan<byte> nonce)
    {
        var good = false;
        foreach (var text in GetWindow().Bytes)
        {
            good |= CryptographicOperations.FixedTimeEquals(text, nonce);
        }

        return good;
    }

    private Window GetWindow()
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (Volatile.Read(ref _window) is not { } window || window.Minute != minute)
        {
            // Callers that do this at the same time make equal windows.
            window = new Window(minute, [.. Enumerable.Range(0, Minutes + 1).Select(age => Make(minute - age))]);
            Volatile.Write(ref _window, window);
        }

        return window;
    }

    private string Make(long minute)
    {
        Span<byte> message = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, minute);
        return Base64UrlText.Encode(HMACSHA256.HashData(_key, message).AsSpan(0, Length));
    }

    /// <param name="Minute">Since 1970.</param>
    /// <param name="Texts">Newest first.</param>
    private sealed record Window(long Minute, string[] Texts)
    {
        public byte[][] Bytes { get; } = [.. Texts.Select(Encoding.ASCII.GetBytes)];
    }
}
