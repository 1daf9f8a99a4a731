using System.Text;
using FsCheck.Fluent;
using Gateway.Core.Credentials;
using Gateway.Forwarding;

namespace Gateway.Tests.Forwarding;

public sealed class ScrubbingStreamTests
{
    [Fact]
    public async Task ReadAsync_AnyTextInAnyChunks_GivesTheTextWithSecretsMasked()
    {
        string[] secrets = ["abababac", "secret-1", "secret-1-and-more"];
        var pieces = Gen.Elements("a", "b", "c", "ab", "abababac", "secret", "secret-1", "-and-more", "x", "ababab");
        var cases = pieces.ArrayOf().Select(string.Concat)
            .Zip(Gen.Choose(1, 7).ArrayOf())
            .Zip(Gen.Choose(1, 9));
        foreach (var ((text, chunks), bufferSize) in cases.Sample(2_000, 40))
        {
            var scrubber = new SecretScrubber(secrets.Select(s => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(s)));
            var counted = 0;
            await using var stream = new ScrubbingStream(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunks), scrubber, n => counted += n);

            var output = await ReadAllAsync(stream, bufferSize);

            Assert.Equal(text.Length, output.Length);
            Assert.Equal(text.Length, counted);
            Assert.All(secrets, s => Assert.DoesNotContain(s, output, StringComparison.Ordinal));
            Assert.Equal(Expected(text, output), output);
        }
    }

    [Fact]
    public async Task ReadAsync_NothingThatCouldBeASecret_IsNotHeldBack()
    {
        var scrubber = new SecretScrubber([Encoding.UTF8.GetBytes("secret-value")]);
        await using var stream = new ScrubbingStream(new ChunkedStream("data: 1\n\ndata: 2\n\n"u8.ToArray(), [9]), scrubber, _ => { });
        var buffer = new byte[100];

        var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);

        Assert.Equal("data: 1\n\n", Encoding.UTF8.GetString(buffer, 0, read));
    }

    /// <summary>What differs from the text must be masked, and what is masked must have belonged to a secret.</summary>
    private static string Expected(string text, string output)
    {
        var expected = new StringBuilder(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (output[i] == '*')
            {
                expected[i] = '*';
            }
        }

        return expected.ToString();
    }

    private static async Task<string> ReadAllAsync(Stream stream, int bufferSize)
    {
        using var output = new MemoryStream();
        var buffer = new byte[bufferSize];
        int read;
        while ((read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            output.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }

    private sealed class ChunkedStream(byte[] data, int[] chunks) : MemoryStream(data)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var chunk = chunks.Length == 0 ? buffer.Length : Math.Min(buffer.Length, chunks[_next++ % chunks.Length]);
            return base.ReadAsync(buffer[..chunk], cancellationToken);
        }
    }
}
