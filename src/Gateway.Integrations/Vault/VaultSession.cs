using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>Keeps the gateway's own token: in memory only, renewed ahead of its end, obtained anew when it cannot be, revoked at the stop.</summary>
internal sealed class VaultSession : IAsyncDisposable
{
    /// <summary>How often to look whether Vault serves again after it did not.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly VaultAuthMethod _method;
    private readonly VaultClient _client;
    private readonly VaultLogin _login;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<VaultToken> _retired = [];
    private volatile VaultToken? _token;
    private volatile string? _problem;
    private Task<VaultToken>? _loggingIn;
    private Task _maintenance = Task.CompletedTask;

    public VaultSession(VaultAuthMethod method, VaultClient client, VaultLogin login, TimeProvider clock, ILogger logger)
    {
        (_method, _client, _login, _clock, _logger) = (method, client, login, clock, logger);
    }

    /// <summary>Why there is no token, or none that will last; null where there is one.</summary>
    public string? Problem => _problem;

    /// <summary>Begins to keep the token current; returns at once.</summary>
    public void Start() => _maintenance = Task.Run(MaintainAsync);

    /// <summary>The token; logs in where there is none.</summary>
    /// <exception cref="VaultException">The login failed.</exception>
    public ValueTask<VaultToken> GetTokenAsync(CancellationToken cancellationToken)
    {
        var token = _token;
        return token is not null && token.IsLive(_clock.GetUtcNow()) ? new(token) : new(LoginAsync(token).WaitAsync(cancellationToken));
    }

    /// <summary>Sends a request with the token; where that is refused, logs in again and sends it once more.</summary>
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

        // It may have been revoked, or its policies may have changed since: Vault does not tell which.
        token = await LoginAsync(token).WaitAsync(cancellationToken);
        return (await _client.SendAsync(request, token.Value, cancellationToken), token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _maintenance.WaitAsync(Farewell, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        VaultToken[] tokens;
        lock (_gate)
        {
            tokens = [.. _retired.Append(_token).OfType<VaultToken>().Where(t => t.IsOurs && t.IsLive(_clock.GetUtcNow()))];
            _token = null;
        }

        foreach (var token in tokens)
        {
            if (await RevokeAsync(token) is { } problem)
            {
                VaultLog.TokenLeft(_logger, problem);
            }
        }
    }

    /// <summary>The login under way, or a new one; the token that another login has brought meanwhile, where there is one.</summary>
    private Task<VaultToken> LoginAsync(VaultToken? seen)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return Task.FromException<VaultToken>(new VaultException("Vault: the gateway is stopping."));
            }

            return _token is { } token && !ReferenceEquals(token, seen)
                ? Task.FromResult(token)
                : _loggingIn ??= Task.Run(LoginOnceAsync);
        }
    }

    private async Task<VaultToken> LoginOnceAsync()
    {
        try
        {
            var token = await _login.LoginAsync(_stopping.Token);
            lock (_gate)
            {
                Retire(_token);
                _token = token;
                _loggingIn = null;
            }

            VaultLog.LoggedIn(_logger, _method, token.Life);
            Report(null);
            return token;
        }
        catch (Exception failure)
        {
            lock (_gate)
            {
                _loggingIn = null;
            }

            Report(failure is VaultException ? failure.Message : $"The login failed unexpectedly ({failure.GetType().Name}).");
            throw;
        }
    }

    /// <summary>Keeps a former token until the stop: tasks' tokens and leases hang on it.</summary>
    private void Retire(VaultToken? former)
    {
        var now = _clock.GetUtcNow();
        _retired.RemoveAll(t => !t.IsLive(now));
        if (former is not null && former.IsLive(now))
        {
            _retired.Add(former);
        }
    }

    private async Task MaintainAsync()
    {
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            var wait = ProbeInterval;
            try
            {
                wait = await MaintainOnceAsync();
                failures = 0;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong, the watch over the token must go on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Report(failure is VaultException ? failure.Message : $"The token could not be kept current ({failure.GetType().Name}).");
                wait = Pause(failures++);
            }

            await Task.Delay(wait, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>When to look again.</returns>
    private async Task<TimeSpan> MaintainOnceAsync()
    {
        var now = _clock.GetUtcNow();
        var token = _token;
        if (token is null || !token.IsLive(now) || (token.RenewAt <= now && token.IsFinal))
        {
            token = await LoginAsync(token);
        }
        else if (token.RenewAt <= now)
        {
            await RenewAsync(token);
        }
        else if (_client.Contact is { Problem: not null })
        {
            await _client.ProbeAsync(_stopping.Token);
        }

        var wait = token.RenewAt is { } due ? due - _clock.GetUtcNow() : ProbeInterval;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < ProbeInterval ? wait : ProbeInterval;
    }

    private async Task RenewAsync(VaultToken token)
    {
        var request = VaultRequest.Post("auth/token/renew-self", VaultEffect.Repeatable, new JsonObject { ["increment"] = $"{(long)token.Life.TotalSeconds}s" });
        var askedAt = _clock.GetUtcNow();
        var answer = await _client.SendAsync(request, token.Value, _stopping.Token);
        if (answer.Succeeded)
        {
            token.Prolong(VaultAnswer.Seconds(answer.Auth, "lease_duration"), askedAt);
            VaultLog.TokenRenewed(_logger);
            Report(null);
        }
        else if (answer.Status is 400 or 403)
        {
            await LoginAsync(token);
        }
        else
        {
            throw answer.Refuse(request);
        }
    }

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

    private void Report(string? problem)
    {
        var former = _problem;
        _problem = problem;
        if (problem is not null && former is null && !_stopping.IsCancellationRequested)
        {
            VaultLog.TokenFailed(_logger, problem);
        }
        else if (problem is null && former is not null)
        {
            VaultLog.TokenRecovered(_logger);
        }
    }

    /// <summary>The doubled wait after each failure, a little at random.</summary>
    private static TimeSpan Pause(int failures)
    {
        var pause = FirstRetry * Math.Pow(2, Math.Min(failures, 10));
        return (pause < LastRetry ? pause : LastRetry) * (0.5 + (0.5 * Random.Shared.NextDouble()));
    }
}
