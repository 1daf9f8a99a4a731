using System.Net.Sockets;

namespace Gateway.Forwarding;

/// <summary>Takes the upstream's words out of exceptions: HttpClient quotes a malformed header line, which may echo the credential.</summary>
internal sealed class QuietHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new HttpRequestException(exception.HttpRequestError, $"The upstream could not be used ({exception.HttpRequestError}).", Harmless(exception));
        }
    }

    /// <summary>The cause, where it is one that says nothing but what this machine found out itself.</summary>
    private static Exception? Harmless(Exception exception)
    {
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is DestinationForbiddenException or SocketException)
            {
                return cause;
            }
        }

        return null;
    }
}
