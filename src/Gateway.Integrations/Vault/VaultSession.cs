using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>Talks to Vault as the gateway: with its own token, which is obtained when needed, kept alive, and revoked at the stop.</summary>
internal sealed class VaultSession : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <summary>How long a token that lives is not replaced again: another one would hardly be allowed more, and tasks' tokens hang on each.</summary>
    private static readonly TimeSpan ReplaceInterval = TimeSpan.FromHours(1);

    private readonly VaultClient _client;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SharedLogin _login;
    private readonly TokenWatch _watch;
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private long _replacedAt;

    public VaultSession(VaultAuthMethod method, VaultClient client, VaultLogin login, TimeProvider clock, ILogger logger)
    {
        (_client, _clock, _logger) = (client, clock, logger);
        _login = new SharedLogin(method, login, clock, logger, _stopping.Token);
        _watch = new TokenWatch(_login, client, clock, logger, _stopping.Token);
    }

    /// <inheritdoc cref="SharedLogin.Problem"/>
    public string? Problem => _login.Problem;

    /// <summary>Whether it was ended, with its tokens.</summary>
    public bool HasEnded => _stopping.IsCancellationRequested;

    /// <summary>Begins to keep the token current; returns at once.</summary>
    public void Start() => _watching = Task.Run(_watch.RunAsync);

    /// <summary>The token; logs in where there is none.</summary>
    /// <exception cref="VaultException">The login failed.</exception>
    public ValueTask<VaultToken> GetTokenAsync(CancellationToken cancellationToken)
    {
        var token = _login.Token;
        return token is not null && token.IsLive(_clock.GetUtcNow()) ? new(token) : new(_login.ReplaceAsync(token).WaitAsync(cancellationToken));
    }

    /// <summary>Sends a request with the token; where that is refused, logs in again and sends it once more, unless that was of no use lately.</summary>
    /// <exception cref="VaultException">There is no answer, or no token.</exception>
    public async Task<VaultAnswer> SendAsync(VaultRequest request, CancellationToken cancellationToken) =>
        (await SendWithTokenAsync(request, cancellationToken)).Answer;

    /// <returns>The answer, and the token that brought it.</returns>
    /// <inheritdoc cref="SendAsync"/>
    public async Task<(VaultAnswer Answer, VaultToken Token)> SendWithTokenAsync(VaultRequest request, CancellationToken cancellationToken)
    {
        var token = await GetTokenAsync(cancellationToken);
        var answer = await _client.SendAsync(request, token.Value, cancellationToken);
        if (answer.Status != 403)
        {
            return (answer, token);
        }

        // It may have been revoked, or what its role may do may have changed since: Vault does not tell which.
        var wasReplaced = _clock.GetUtcNow().UtcTicks - Volatile.Read(ref _replacedAt) < ReplaceInterval.Ticks;
        if (wasReplaced && ReferenceEquals(_login.Token, token) && await LivesAsync(token, cancellationToken))
        {
            return (answer, token);
        }

        token = await _login.ReplaceAsync(token).WaitAsync(cancellationToken);
        Volatile.Write(ref _replacedAt, _clock.GetUtcNow().UtcTicks);
        return (await _client.SendAsync(request, token.Value, cancellationToken), token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _watching.WaitAsync(Farewell, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var token in _login.TakeAll())
        {
            if (await RevokeAsync(token) is { } problem)
            {
                VaultLog.TokenLeft(_logger, problem);
            }
        }
    }

    private async Task<bool> LivesAsync(VaultToken token, CancellationToken cancellationToken) =>
        (await _client.SendAsync(new VaultRequest(HttpMethod.Get, "auth/token/lookup-self", VaultEffect.Repeatable), token.Value, cancellationToken)).Succeeded;

    /// <summary>Revokes a token by itself, in the little time that there is.</summary>
    /// <returns>Why it may live on; null where it is gone.</returns>
    private async Task<string?> RevokeAsync(VaultToken token)
    {
        using var patience = new CancellationTokenSource(Farewell, _clock);
        var request = VaultRequest.Post("auth/token/revoke-self", VaultEffect.Repeatable);
        try
        {
            var answer = await _client.SendAsync(request, token.Value, patience.Token);
            return answer.Succeeded ? null : answer.Refuse(request).Message;
        }
        catch (VaultException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException)
        {
            return "There was no time for it.";
        }
    }
}
