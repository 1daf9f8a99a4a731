namespace Gateway.Sidecar;

/// <summary>Sends a request's body as it comes: over HTTP/1.1 small pieces would wait in a buffer until it is full.</summary>
/// <remarks>A handler, since YARP does not let a transform replace the content.</remarks>
internal sealed class FlushingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            request.Content = new FlushingContent(content);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
