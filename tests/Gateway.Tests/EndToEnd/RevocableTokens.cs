using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>A token server whose tokens can be revoked, unless it is down.</summary>
internal sealed class RevocableTokens : IAsyncDisposable
{
    private readonly TemporaryFolder _secrets = new();
    private readonly ConcurrentQueue<string> _revoked = new();
    private int _issued;

    private RevocableTokens(RecordingUpstream server)
    {
        Server = server;
        server.Answer = AnswerAsync;
    }

    public RecordingUpstream Server { get; }

    /// <summary>Whether it refuses to revoke for now.</summary>
    public bool IsDown { get; set; }

    /// <summary>Makes the value of a token, by how many there were before it and one.</summary>
    public Func<int, string> Token { get; set; } = number => $"token-{number}";

    /// <summary>The tokens that were revoked, in order.</summary>
    public IReadOnlyCollection<string> Revoked => _revoked;

    /// <summary>The configuration of a credential that is obtained here.</summary>
    public object Credential => new
    {
        Type = "OAuth2ClientCredentials",
        TokenEndpoint = $"{Server.Url}/token",
        RevocationEndpoint = $"{Server.Url}/revoke",
        ClientId = "gateway",
        Scope = "read write",
        ClientSecret = $"file:{_secrets.Write("client", Canary.New("client"))}",
    };

    public static async Task<RevocableTokens> StartAsync() => new(await RecordingUpstream.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _secrets.Dispose();
    }

    private async Task AnswerAsync(RecordedRequest request, HttpContext context)
    {
        if (request.Target == "/token")
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                $$"""{"access_token":"{{Token(Interlocked.Increment(ref _issued))}}","token_type":"Bearer","expires_in":3600}""", context.RequestAborted);
        }
        else if (IsDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        else
        {
            _revoked.Enqueue(System.Web.HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body))["token"] ?? "");
        }
    }
}
