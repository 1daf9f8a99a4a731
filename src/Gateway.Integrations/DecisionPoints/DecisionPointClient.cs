using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Credentials;
using Gateway.Core.Identity;

namespace Gateway.Integrations.DecisionPoints;

/// <summary>Carries questions to decision points over connections that are kept for the life of the process, whatever is reloaded.</summary>
internal sealed class DecisionPointClient : IDisposable
{
    public const int MaximumAnswerBytes = 64 * 1024;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    // Not an HttpClient: its factory's loggers print headers at Trace, and these carry the token.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // who decides is configuration, not the answer of a server
        UseCookies = false,
        UseProxy = false, // a proxy named in the environment is not configuration either
        ActivityHeadersPropagator = null, // neither a trace nor an agent's baggage goes there, and no span holds the path
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = 64,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows changes of DNS
    });

    /// <param name="endpoint">Where.</param>
    /// <param name="question">JSON; not written to afterwards, for the connection may read it longer than this call lasts.</param>
    /// <param name="token">For <c>Authorization: Bearer</c>; fit for a header.</param>
    /// <param name="requestId">For <c>X-Request-ID</c>.</param>
    /// <param name="cancellationToken">Ends the request, also while its answer arrives.</param>
    public async ValueTask<DecisionPointReply> PostAsync(
        Uri endpoint, byte[] question, SecretValue? token, string requestId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new ByteArrayContent(question) { Headers = { ContentType = JsonType } };
        request.Headers.TryAddWithoutValidation("X-Request-ID", requestId);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? await ReadAsync(response.Content, cancellationToken)
                : DecisionPointReply.Unusable($"The policy decision point answered with status {(int)response.StatusCode}.");
        }
        catch (HttpRequestException failure)
        {
            // Its message can quote the malformed line that the server sent, so only the kind of failure is passed on.
            return Describe(failure.HttpRequestError);
        }
        catch (IOException)
        {
            return DecisionPointReply.Unusable("The policy decision point's answer broke off.");
        }
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<DecisionPointReply> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaximumAnswerBytes + 1);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, MaximumAnswerBytes + 1), MaximumAnswerBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length > MaximumAnswerBytes ? DecisionPointReply.Unusable($"The policy decision point's answer is larger than {MaximumAnswerBytes / 1024} KiB.")
                : StrictJson.TryParseObject(buffer.AsSpan(0, length), out var document) ? DecisionPointReply.Of(document)
                : DecisionPointReply.Unusable("The policy decision point's answer is not a JSON object without duplicate names.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static DecisionPointReply Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => DecisionPointReply.Unreached("The policy decision point's host name could not be resolved."),
        HttpRequestError.ConnectionError => DecisionPointReply.Unreached(DecisionPointReply.NoConnection),
        HttpRequestError.SecureConnectionError => DecisionPointReply.Unreached("The policy decision point's TLS certificate was not accepted, or TLS failed."),
        HttpRequestError.ResponseEnded => DecisionPointReply.Unusable("The policy decision point's answer broke off."),
        _ => DecisionPointReply.Unusable("The policy decision point's answer was not valid HTTP."),
    };
}
