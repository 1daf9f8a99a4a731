using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Tasks;

namespace Gateway.Sidecar;

/// <summary>A token bound to the proof's key, obtained with the workload's own token and renewed ahead of its end.</summary>
internal sealed partial class BoundToken(TokenExchange exchange, RotatingFiles<string> assertion, ProofKey key, TimeProvider clock, ILogger<BoundToken> logger)
    : BackgroundService, IWorkloadToken
{
    private const int MaxResponseBytes = 256 * 1024;
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly HttpMessageInvoker _http = new(new ProofHandler(key, exchange.Endpoint, clock, new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    }));

    private Held? _held;

    public string? Current => Volatile.Read(ref _held) is { } held && clock.GetUtcNow() < held.ExpiresAt ? held.Token : null;

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retry = FirstRetry;
        try
        {
            while (true)
            {
                var wait = await TryRenewAsync(stoppingToken);
                await Task.Delay(wait ?? retry, clock, stoppingToken);
                retry = wait is not null ? FirstRetry : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LastRetry.Ticks));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The sidecar stops.
        }
    }

    /// <returns>When to renew again; null where it failed.</returns>
    private async Task<TimeSpan?> TryRenewAsync(CancellationToken cancellationToken)
    {
        if (assertion.Current is not { } proofOfClient)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RequestTimeout);
        var asked = clock.GetUtcNow();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, exchange.Endpoint) { Content = Form(proofOfClient) };
            using var response = await _http.SendAsync(request, limit.Token);
            if (response.StatusCode == HttpStatusCode.OK && await ReadAsync(response, limit.Token) is var (token, life))
            {
                Volatile.Write(ref _held, new Held(token, asked + life));
                Renewed(logger, exchange.Endpoint.Authority);
                return life * 2 / 3;
            }

            Refused(logger, exchange.Endpoint.Authority, (int)response.StatusCode);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or JsonException or InvalidOperationException
            && !cancellationToken.IsCancellationRequested)
        {
            // Not its message, which may quote the server.
            Failed(logger, exchange.Endpoint.Authority, exception.GetType().Name);
        }

        return null;
    }

    private FormUrlEncodedContent Form(string proofOfClient)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = AssertionType,
            ["client_assertion"] = proofOfClient,
        };
        Add("client_id", exchange.ClientId);
        Add("scope", exchange.Scope);
        Add("resource", exchange.Resource);
        return new FormUrlEncodedContent(form);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                form[name] = value;
            }
        }
    }

    /// <returns>Null where it is not a JWT of type DPoP with a sensible life: one that is not bound would be a step back.</returns>
    private static async Task<(string Token, TimeSpan Life)?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (await BoundedBody.ReadAsync(stream, MaxResponseBytes, cancellationToken) is not { } body)
        {
            return null;
        }

        using var document = JsonDocument.Parse(body, Strict);
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty("token_type", out var type) && "DPoP".Equals(Text(type), StringComparison.OrdinalIgnoreCase)
            && root.TryGetProperty("expires_in", out var life) && int.TryParse(life.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            && root.TryGetProperty("access_token", out var text) && WorkloadTokenFile.Read(Encoding.UTF8.GetBytes(Text(text))) is { } token
            ? (token, TimeSpan.FromSeconds(seconds))
            : null;
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : "";

    private sealed record Held(string Token, DateTimeOffset ExpiresAt);

    [LoggerMessage(1154, LogLevel.Debug, "The token endpoint {Endpoint} gave a token", EventName = "SidecarTokenRenewed")]
    private static partial void Renewed(ILogger logger, string endpoint);

    [LoggerMessage(1155, LogLevel.Error, "The token endpoint {Endpoint} gave no token that is bound to a key (status {Status})", EventName = "SidecarTokenRefused")]
    private static partial void Refused(ILogger logger, string endpoint, int status);

    [LoggerMessage(1156, LogLevel.Error, "The token endpoint {Endpoint} could not be asked ({Exception})", EventName = "SidecarTokenFailed")]
    private static partial void Failed(ILogger logger, string endpoint, string exception);
}
