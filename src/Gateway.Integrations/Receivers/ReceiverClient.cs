using System.Net.Http.Headers;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Receivers;

/// <summary>Posts records to a receiver. A receiver has a batch once it has answered with 2xx.</summary>
internal sealed class ReceiverClient(ReceiverSettings settings, ISecretSource secrets, TimeProvider clock) : IDisposable
{
    private readonly ReceiverConnection _connection = new(settings, secrets, clock);

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
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Endpoint) { Content = Content(body, contentType) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _connection.ExchangeAsync(
            request,
            async (response, limit) => response.IsSuccessStatusCode ? accepted(await ReceiverAnswer.ReadAsync(response.Content, limit)) : ReceiverAnswer.Judge(response, clock),
            cancellationToken);
    }

    public void Dispose() => _connection.Dispose();

    private ByteArrayContent Content(byte[] body, string contentType)
    {
        var content = new ByteArrayContent(settings.Compress ? Gzip.Compress(body) : body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (settings.Compress)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }
}
