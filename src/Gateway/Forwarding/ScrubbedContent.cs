using System.IO.Compression;
using System.Net;
using Gateway.Core.Credentials;
using Gateway.Pipeline;

namespace Gateway.Forwarding;

/// <summary>An upstream's answer with every occurrence of the injected credential masked, decoded first where it is compressed.</summary>
internal sealed class ScrubbedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly SecretScrubber _scrubber;
    private readonly Call _call;
    private readonly string? _coding;

    private ScrubbedContent(HttpContent inner, SecretScrubber scrubber, Call call, string? coding)
    {
        _inner = inner;
        _scrubber = scrubber;
        _call = call;
        _coding = coding;
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <summary>Whether the content is decoded on the way, so that its coding and length no longer hold.</summary>
    public bool Decodes => _coding is not null;

    /// <returns>Null where the content is in a coding that cannot be read.</returns>
    public static ScrubbedContent? Wrap(HttpContent inner, SecretScrubber scrubber, Call call)
    {
        var codings = inner.Headers.ContentEncoding;
        if (codings.Count == 0 || inner.Headers.ContentLength == 0)
        {
            return new ScrubbedContent(inner, scrubber, call, null);
        }

        return codings.Count == 1 && codings.First().ToLowerInvariant() is "gzip" or "x-gzip" or "br" or "deflate" or "identity"
            ? new ScrubbedContent(inner, scrubber, call, codings.First().ToLowerInvariant() is var coding and not "identity" ? coding : null)
            : null;
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        var stream = await _inner.ReadAsStreamAsync(cancellationToken);
        Stream decoded = _coding switch
        {
            "gzip" or "x-gzip" => new GZipStream(stream, CompressionMode.Decompress),
            "br" => new BrotliStream(stream, CompressionMode.Decompress),
            "deflate" => new ZLibStream(stream, CompressionMode.Decompress),
            _ => stream,
        };
        return new ScrubbingStream(decoded, _scrubber, count => _call.ResponseBytes += count);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await using var source = await CreateContentReadStreamAsync();
        await source.CopyToAsync(stream);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
