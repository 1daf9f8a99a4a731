using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>The gateway's own token, in memory only: one login at a time, whose token all who wait share.</summary>
/// <param name="method">For the log.</param>
/// <param name="login">Obtains a token.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">For what an operator must know.</param>
/// <param name="stopping">Ends logins for good.</param>
internal sealed class SharedLogin(VaultAuthMethod method, VaultLogin login, TimeProvider clock, ILogger logger, CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly List<VaultToken> _retired = [];
    private volatile VaultToken? _token;
    private volatile string? _problem;
    private Task<VaultToken>? _loggingIn;

    /// <summary>The token of the last login, be it over; null before the first.</summary>
    public VaultToken? Token => _token;

    /// <summary>Why there is no token, or none that will last; null where there is one.</summary>
    public string? Problem => _problem;

    /// <summary>The login under way, or a new one; the token that another login has brought meanwhile, where there is one.</summary>
    /// <param name="seen">The token that will not do.</param>
    /// <exception cref="VaultException">The login failed.</exception>
    public Task<VaultToken> ReplaceAsync(VaultToken? seen)
    {
        lock (_gate)
        {
            if (stopping.IsCancellationRequested)
            {
                return Task.FromException<VaultToken>(new VaultException("Vault: the gateway is stopping."));
            }

            return _token is { } token && !ReferenceEquals(token, seen)
                ? Task.FromResult(token)
                : _loggingIn ??= Task.Run(LoginOnceAsync);
        }
    }

    /// <summary>Notes whether the token is what it should be.</summary>
    /// <param name="problem">Why not; null where it is.</param>
    public void Report(string? problem)
    {
        var former = _problem;
        _problem = problem;
        if (problem is not null && former is null && !stopping.IsCancellationRequested)
        {
            VaultLog.TokenFailed(logger, problem);
        }
        else if (problem is null && former is not null)
        {
            VaultLog.TokenRecovered(logger);
        }
    }

    /// <summary>Former tokens that have to be renewed, since tokens of tasks hang on them.</summary>
    public IReadOnlyList<VaultToken> FormerDue()
    {
        lock (_gate)
        {
            return [.. _retired.Where(t => t.IsDueForOthers(clock.GetUtcNow()))];
        }
    }

    /// <summary>Gives up all tokens.</summary>
    /// <returns>Those that the gateway obtained and that live.</returns>
    public IReadOnlyList<VaultToken> TakeAll()
    {
        lock (_gate)
        {
            VaultToken[] tokens = [.. _retired.Append(_token).OfType<VaultToken>().Where(t => t.IsOurs && t.IsLive(clock.GetUtcNow()))];
            _token = null;
            return tokens;
        }
    }

    private async Task<VaultToken> LoginOnceAsync()
    {
        try
        {
            var token = await login.LoginAsync(stopping);
            lock (_gate)
            {
                Retire(_token);
                _token = token;
                _loggingIn = null;
            }

            VaultLog.LoggedIn(logger, method, token.Life);
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
        var now = clock.GetUtcNow();
        _retired.RemoveAll(t => !t.IsLive(now));
        if (former is not null && former.IsLive(now))
        {
            _retired.Add(former);
        }
    }
}
