using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Receivers;

/// <summary>Posts records to a receiver. What it says of a failure is in the gateway's words; nothing that the receiver wrote is repeated.</summary>
internal sealed class ReceiverClient(ReceiverSettings settings, ISecretSource secrets, TimeProvider clock) : IDisposable
{
    private const int MaximumAnswerBytes = 64 * 1024;

    private readonly ReceiverHeaders _headers = new(settings, secrets, clock);
    private HttpMessageInvoker? _http;

    /// <param name="body">The request's body; not written to afterwards, for the connection may read it for longer than this call lasts.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="headers">More headers of the request, none of them secret.</param>
    /// <param name="accepted">Reads the answer of a receiver that took the request.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async ValueTask<DeliveryResult> PostAsync(
        byte[] body,
        string contentType,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        Func<byte[], DeliveryResult> accepted,
        CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(settings.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, settings.Endpoint) { Content = Content(body, contentType) };
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            await _headers.ApplyAsync(request, either.Token);
            _http ??= new HttpMessageInvoker(CreateHandler());
            using var response = await _http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? accepted(await ReadAsync(response.Content, either.Token)) : Judge(response);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The other limit is the handler's, for connecting.
            return DeliveryResult.Failed(timeLimit.IsCancellationRequested
                ? FormattableString.Invariant($"The receiver did not answer within {settings.Timeout.TotalSeconds} s.")
                : "The receiver cannot be reached.");
        }
        catch (HttpRequestException failure)
        {
            return Describe(failure);
        }
        catch (SecretUnavailableException)
        {
            return DeliveryResult.Failed("What authenticates the gateway to the receiver cannot be read, or cannot be sent in a header.");
        }
        catch (ReceiverFileException failure)
        {
            return DeliveryResult.Failed(failure.Message);
        }
        catch (IOException)
        {
            return DeliveryResult.Failed("The receiver's answer broke off.");
        }
    }

    public void Dispose() => _http?.Dispose();

    private ByteArrayContent Content(byte[] body, string contentType)
    {
        var content = new ByteArrayContent(settings.Compress ? Compress(body) : body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (settings.Compress)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var compressed = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }

    private SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false, // records and secrets go where configuration says, not the answer of a server
        UseCookies = false,
        UseProxy = false, // a proxy named in the environment is not configuration either
        ActivityHeadersPropagator = null, // neither a trace nor an agent's baggage goes there, and no span holds the path
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = 1,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows changes of DNS
        SslOptions = settings.Tls.CreateOptions(),
    };

    private static async ValueTask<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaximumAnswerBytes];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }

    private DeliveryResult Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            408 or 425 or 429 or >= 500 => DeliveryResult.Failed($"The receiver answered with status {status}.", RetryAfter(response)),
            401 or 403 => DeliveryResult.Refused($"The receiver does not accept what authenticates the gateway (status {status}): check the sink's headers and certificate."),
            404 or 405 => DeliveryResult.Refused($"The receiver takes no records at that path (status {status}): check the sink's URL."),
            413 => DeliveryResult.Refused("The receiver finds the batch too large (status 413): lower the sink's BatchBytes or BatchRecords, or raise the receiver's limit."),
            >= 300 and < 400 => DeliveryResult.Refused($"The receiver redirects (status {status}), which is not followed: write the URL that it redirects to."),
            _ => DeliveryResult.Refused($"The receiver refuses the records (status {status}): its own log says why."),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    private DeliveryResult Describe(HttpRequestException failure)
    {
        // Its message can quote what the server sent, so only the kind of failure is passed on.
        if (failure.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            // The file of authorities may be replaced in the meantime.
            _http?.Dispose();
            _http = null;
        }

        return DeliveryResult.Failed(failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "The receiver's host name could not be resolved.",
            HttpRequestError.ConnectionError => "The receiver cannot be reached.",
            HttpRequestError.SecureConnectionError => (failure.InnerException as ReceiverFileException)?.Message ?? "The receiver's TLS certificate was not accepted, or TLS failed.",
            HttpRequestError.ResponseEnded => "The receiver's answer broke off.",
            _ => "The receiver's answer was not valid HTTP.",
        });
    }
}
