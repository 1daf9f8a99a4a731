using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Crash;

/// <summary>An issuer that revokes (RFC 7009) and the upstream that honours its tokens, in one server that remembers everything.</summary>
internal sealed class CrashIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _active;
    private int _revoking;
    private volatile bool _usersAreDead;

    private CrashIssuer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public bool IsDown { get; set; }

    /// <summary>Upper bound of the random time that an answer takes.</summary>
    public int Slowness { get; set; }

    /// <summary>The same, of revocations.</summary>
    public int RevocationSlowness { get; set; }

    public ConcurrentDictionary<string, bool> Issued { get; } = new();

    /// <summary>The uses by token, with lease and task.</summary>
    public ConcurrentDictionary<string, (string Lease, string Task, int Count)> Used { get; } = new();

    /// <summary>How often each token was revoked.</summary>
    public ConcurrentDictionary<string, int> Revoked { get; } = new();

    public ConcurrentQueue<string> Faults { get; } = new();

    public SemaphoreSlim RevocationBegun { get; } = new(0);

    /// <summary>Revocations that have been asked for and not answered.</summary>
    public int Revoking => Volatile.Read(ref _revoking);

    /// <summary>Waits until what a killed process had asked for is done; what arrives of it later is not counted as a use.</summary>
    public async Task QuietAsync(CancellationToken cancellationToken)
    {
        _usersAreDead = true;
        while (Volatile.Read(ref _active) > 0)
        {
            await Task.Delay(1, cancellationToken);
        }
    }

    public static async Task<CrashIssuer> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var issuer = new CrashIssuer(app);
        app.Use(async (context, next) =>
        {
            Interlocked.Increment(ref issuer._active);
            try
            {
                await next(context);
            }
            finally
            {
                Interlocked.Decrement(ref issuer._active);
            }
        });
        app.MapPost("/token", issuer.IssueAsync);
        app.MapPost("/revoke", issuer.RevokeAsync);
        app.MapPost("/use", issuer.Use);
        await app.StartAsync(cancellationToken);
        return issuer;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        RevocationBegun.Dispose();
    }

    private async Task IssueAsync(HttpContext context)
    {
        await PauseAsync(Slowness);
        var token = $"canary-{Guid.NewGuid():N}";
        Issued[token] = true;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600}""", CancellationToken.None);
    }

    private async Task RevokeAsync(HttpContext context)
    {
        var token = (await context.Request.ReadFormAsync(CancellationToken.None))["token"].ToString();
        Interlocked.Increment(ref _revoking);
        RevocationBegun.Release();
        await AnswerRevocationAsync(context, token);
        Interlocked.Decrement(ref _revoking);
    }

    private async Task AnswerRevocationAsync(HttpContext context, string token)
    {
        if (IsDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (!Issued.ContainsKey(token))
        {
            Faults.Enqueue("a token was to be revoked that was never issued");
        }

        // Killed before or after it takes effect.
        await PauseAsync(RevocationSlowness / 2);
        Revoked.AddOrUpdate(token, 1, (_, count) => count + 1);
        await PauseAsync(RevocationSlowness / 2);
    }

    private void Use(HttpContext context)
    {
        if (_usersAreDead)
        {
            return; // was on its way when its sender was killed, and would meet a revoked token now
        }

        var token = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
        var (lease, task) = (context.Request.Query["lease"].ToString(), context.Request.Query["task"].ToString());
        if (Revoked.ContainsKey(token))
        {
            Faults.Enqueue("a revoked token was used");
        }

        Used.AddOrUpdate(token, (lease, task, 1), (_, use) => use with { Count = use.Count + 1 });
    }

    private static Task PauseAsync(int most) => most == 0 ? Task.CompletedTask : Task.Delay(Random.Shared.Next(most));
}
