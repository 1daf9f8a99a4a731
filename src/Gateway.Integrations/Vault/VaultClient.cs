using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Core.Credentials;
using Gateway.Core.Identity;

namespace Gateway.Integrations.Vault;

/// <summary>Sends requests to one cluster: to whichever configured server answers, again where that is safe, and to nobody else.</summary>
internal sealed class VaultClient : IDisposable
{
    private const int MaximumResponseBytes = 1024 * 1024;
    private const int MaximumRedirects = 2;

    private static readonly VaultRequest Health = new(HttpMethod.Get, "sys/health", VaultEffect.Probe);

    private readonly HttpMessageInvoker _http;
    private readonly VaultSettings _settings;
    private readonly TimeProvider _clock;
    private volatile VaultContact? _contact;
    private volatile int _preferred;

    /// <exception cref="VaultException">A file that the settings name cannot be read.</exception>
    public VaultClient(VaultSettings settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        // Not an HttpClient: its factory's loggers print headers at Trace, and these carry the token.
        _http = new HttpMessageInvoker(VaultHandler.Create(settings), disposeHandler: true);
    }

    /// <summary>Null before the first request.</summary>
    public VaultContact? Contact => _contact;

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">Null means none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whatever the server answered at last.</returns>
    /// <exception cref="VaultException">There is no answer, or none that can be read.</exception>
    public async Task<VaultAnswer> SendAsync(VaultRequest request, SecretValue? token, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (answer, failure) = await TryAsync(request, token, cancellationToken);
            var again = attempt < VaultRetry.Maximum
                && (answer is not null ? VaultRetry.IsWorthwhile(answer, request.Effect) : failure is not null && VaultRetry.IsSafe(failure, request.Effect));
            if (!again || VaultRetry.Delay(attempt, answer?.RetryAfter) is not { } delay)
            {
                return answer ?? throw failure ?? new VaultException("Vault was not asked.");
            }

            await Task.Delay(delay, _clock, cancellationToken);
        }
    }

    /// <summary>Asks how the server is, and notes it in <see cref="Contact"/>.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => TryAsync(Health, token: null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<(VaultAnswer? Answer, VaultException? Failure)> TryAsync(VaultRequest request, SecretValue? token, CancellationToken cancellationToken)
    {
        var index = _preferred;
        try
        {
            var answer = await FollowAsync(_settings.Addresses[index], request, token, cancellationToken);
            Note(index, VaultWords.Outage(answer, request.Effect == VaultEffect.Probe) is { } problem ? $"Vault {answer.Server} answered {answer.Status}: {problem}." : null);
            return (answer, null);
        }
        catch (VaultException failure)
        {
            Note(index, failure.Message);
            return (null, failure);
        }
    }

    /// <summary>Follows a standby's redirects as far as they lead to configured servers, and takes nothing of them but which one.</summary>
    private async Task<VaultAnswer> FollowAsync(Uri address, VaultRequest request, SecretValue? token, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var (answer, location) = await SendOnceAsync(address, request, token, cancellationToken);
            var next = answer.Status is 307 or 308 && location is { IsAbsoluteUri: true } && redirects < MaximumRedirects
                ? _settings.Addresses.FirstOrDefault(a => Uri.Compare(a, location, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0)
                : null;
            if (next is null)
            {
                return answer;
            }

            address = next;
        }
    }

    private async Task<(VaultAnswer Answer, Uri? Location)> SendOnceAsync(Uri address, VaultRequest request, SecretValue? token, CancellationToken cancellationToken)
    {
        var where = $"Vault {address.Authority}";
        using var timeout = new CancellationTokenSource(_settings.Timeout, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var message = request.ToMessage(address, _settings.Namespace, token);
            using var response = await _http.SendAsync(message, linked.Token);
            return (await ReadAsync(address.Authority, request, response, linked.Token), response.Headers.Location);
        }
        catch (HttpRequestException failure)
        {
            // Its message can quote what the server sent, so only the kind of failure is passed on.
            throw new VaultException($"{where}: {Describe(failure.HttpRequestError)}.") { MayHaveHappened = !IsBeforeSending(failure.HttpRequestError) };
        }
        catch (IOException)
        {
            throw new VaultException($"{where}: the connection broke during the answer.") { MayHaveHappened = true };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new VaultException($"{where}: no answer within {_settings.Timeout.TotalSeconds:0.#} s.") { MayHaveHappened = true };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new VaultException($"{where}: no connection within 5 s.");
        }
    }

    private async Task<VaultAnswer> ReadAsync(string server, VaultRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var body = await ReadBodyAsync(response.Content, cancellationToken);
        try
        {
            var root = default(JsonElement);
            var readable = body is { Length: 0 } || (body is not null && StrictJson.TryParseObject(body, out root));
            return readable || !response.IsSuccessStatusCode
                ? new VaultAnswer(server, status, root, RetryAfter(response))
                : throw new VaultException($"Vault {server} answered {status} to {request} {(body is null ? $"with more than {MaximumResponseBytes / 1024} KiB" : "with something that is not JSON")}.") { MayHaveHappened = true };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    /// <returns>Null where the body is too large.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > MaximumResponseBytes)
            {
                CryptographicOperations.ZeroMemory(buffer);
                return null;
            }

            if (length == buffer.Length)
            {
                var larger = new byte[buffer.Length * 2];
                buffer.CopyTo(larger, 0);
                CryptographicOperations.ZeroMemory(buffer);
                buffer = larger;
            }
        }

        var body = buffer[..length];
        CryptographicOperations.ZeroMemory(buffer);
        return body;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _clock.GetUtcNow(),
        _ => null,
    };

    /// <summary>Remembers how it went; after a failure the next request begins at the next server.</summary>
    private void Note(int index, string? problem)
    {
        _contact = new VaultContact(problem);
        if (problem is not null)
        {
            _preferred = (index + 1) % _settings.Addresses.Count;
        }
    }

    private static bool IsBeforeSending(HttpRequestError error) =>
        error is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name cannot be resolved",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no TLS connection; check its certificate, CaFile and the gateway's own certificate",
        HttpRequestError.InvalidResponse => "the answer is not HTTP",
        HttpRequestError.ResponseEnded => "the answer ended early",
        HttpRequestError.ConfigurationLimitExceeded => "the answer's headers are too large",
        _ => $"the request failed ({error})",
    };
}
