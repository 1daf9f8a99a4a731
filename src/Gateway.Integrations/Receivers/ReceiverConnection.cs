using System.Net;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Receivers;

/// <summary>Exchanges with a receiver, one at a time. What it says of a failure is in the gateway's words; nothing that the receiver wrote is repeated.</summary>
internal sealed class ReceiverConnection(ReceiverSettings settings, ISecretSource secrets, TimeProvider clock) : IDisposable
{
    private readonly ReceiverHeaders _headers = new(settings, secrets, clock);
    private HttpMessageInvoker? _http;

    /// <param name="request">Without what authenticates the gateway, which is set here.</param>
    /// <param name="judge">Reads the answer, within the time limit.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    public async ValueTask<DeliveryResult> ExchangeAsync(
        HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, ValueTask<DeliveryResult>> judge, CancellationToken cancellationToken)
    {
        using var timeLimit = new CancellationTokenSource(settings.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            await _headers.ApplyAsync(request, either.Token);
            _http ??= new HttpMessageInvoker(CreateHandler());
            using var response = await _http.SendAsync(request, either.Token);
            return await judge(response, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // HTTP/2 would go on using a connection that leads nowhere any more.
            Disconnect();

            // The other limit is the handler's, for connecting.
            return DeliveryResult.Failed(timeLimit.IsCancellationRequested
                ? FormattableString.Invariant($"The receiver did not answer within {settings.Timeout.TotalSeconds} s.")
                : "The receiver cannot be reached.");
        }
        catch (HttpRequestException failure)
        {
            return Describe(failure, request.Version);
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

    public void Dispose() => Disconnect();

    private void Disconnect()
    {
        _http?.Dispose();
        _http = null;
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

    private DeliveryResult Describe(HttpRequestException failure, Version version)
    {
        // Its message can quote what the server sent, so only the kind of failure is passed on.
        if (failure.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            // The file of authorities may be replaced in the meantime.
            Disconnect();
        }

        return DeliveryResult.Failed(failure.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "The receiver's host name could not be resolved.",
            HttpRequestError.ConnectionError => "The receiver cannot be reached.",
            HttpRequestError.SecureConnectionError when failure.InnerException is ReceiverFileException file => file.Message,
            HttpRequestError.SecureConnectionError when version == HttpVersion.Version20 => "The receiver's TLS certificate was not accepted, or TLS failed: gRPC needs TLS that offers HTTP/2.",
            HttpRequestError.SecureConnectionError => "The receiver's TLS certificate was not accepted, or TLS failed.",
            HttpRequestError.ResponseEnded => "The receiver's answer broke off.",
            _ when version == HttpVersion.Version20 => "The receiver's answer was not the HTTP/2 that gRPC needs, or broke off: check the sink's endpoint and protocol.",
            _ => "The receiver's answer was not valid HTTP.",
        });
    }
}
