using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gateway.Core.Credentials;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>One token for each agent's task: made once however many issuances wait, in the ledger before its first use.</summary>
internal sealed class TaskTokens(VaultSettings settings, VaultSession session, TimeProvider clock, ILogger logger)
{
    /// <summary>How long a successor must have worked before it is replaced in its turn: a policy that forbids is not cured by new tokens.</summary>
    private static readonly TimeSpan ReplaceInterval = TimeSpan.FromMinutes(1);

    /// <summary>What a token with less life left is replaced at, while its task goes on.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PruneInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Agent, string Task), TaskTokenSlot> _tokens = new();
    private readonly ConcurrentDictionary<string, TaskToken> _byAccessor = new(StringComparer.Ordinal);
    private long _pruneAt;

    /// <summary>The token of the request's task.</summary>
    /// <exception cref="VaultException">Vault gave none.</exception>
    /// <exception cref="CredentialIssueException">The task is over, or the token's revocation cannot be remembered.</exception>
    public async Task<TaskToken> GetAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        var key = (request.Key.Agent, request.Key.Task);
        var slot = _tokens.GetOrAdd(key, _ => Slot(request, replacedAt: null));
        var token = await AwaitAsync(key, slot, cancellationToken);
        if (token.IsRevoked)
        {
            throw new CredentialIssueException("The task has ended.");
        }

        if (token.EndsAt > clock.GetUtcNow() + Margin || token.EndsAt + Margin >= request.TaskExpiresAt)
        {
            return token;
        }

        // Vault, or the end of the gateway's own token, gave it less life than the task has.
        _tokens.TryRemove(new(key, slot));
        return await AwaitAsync(key, _tokens.GetOrAdd(key, _ => Slot(request, replacedAt: null)), cancellationToken);
    }

    /// <summary>Another token in place of one that Vault did not accept.</summary>
    /// <returns>Null where that one was already such a replacement, or was revoked since its task is over.</returns>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<TaskToken?> ReplaceAsync(IssueRequest request, TaskToken refused, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (refused.IsRevoked || now - refused.ReplacedAt < ReplaceInterval)
        {
            return null;
        }

        var key = (request.Key.Agent, request.Key.Task);
        if (_tokens.TryGetValue(key, out var slot) && ReferenceEquals(slot.Token, refused) && _tokens.TryUpdate(key, Slot(request, replacedAt: now), slot))
        {
            VaultLog.TaskTokenReplaced(logger, request.Key.Task, request.Key.Agent);
        }

        return await GetAsync(request, cancellationToken);
    }

    /// <summary>The token that an accessor belongs to; null where this process did not make it.</summary>
    public TaskToken? Find(string accessor) => _byAccessor.GetValueOrDefault(accessor);

    /// <summary>Gives up a token that is gone with all that hung on it. That its task is over stays known as long as the task could have lasted.</summary>
    public void Forget(string accessor) => _byAccessor.TryRemove(accessor, out _);

    private TaskTokenSlot Slot(IssueRequest request, DateTimeOffset? replacedAt) => new(() => CreateAsync(request, replacedAt));

    /// <summary>Waits for a creation that others may be waiting for too; one that failed is not kept.</summary>
    private async Task<TaskToken> AwaitAsync((string Agent, string Task) key, TaskTokenSlot slot, CancellationToken cancellationToken)
    {
        try
        {
            return await slot.GetAsync(cancellationToken);
        }
        finally
        {
            if (slot.HasFailed)
            {
                _tokens.TryRemove(new(key, slot));
            }
        }
    }

    private async Task<TaskToken> CreateAsync(IssueRequest request, DateTimeOffset? replacedAt)
    {
        Prune();
        var askedAt = clock.GetUtcNow();
        var remaining = (request.TaskExpiresAt ?? throw new CredentialIssueException("The task has no end, so nothing is issued for it.")) - askedAt;
        if (remaining <= TimeSpan.Zero)
        {
            throw new CredentialIssueException("The task has ended.");
        }

        // Not the caller's token: others wait for this too, and Vault's answer must not be lost.
        var call = VaultRequest.Post(settings.TokenRole is { } role ? $"auth/token/create/{role}" : "auth/token/create", VaultEffect.Issues, Body(request.Key, remaining));
        var (answer, parent) = await session.SendWithTokenAsync(call, CancellationToken.None);
        if (!answer.Succeeded)
        {
            throw answer.Refuse(call);
        }

        var made = VaultToken.Read(answer.Auth, isOurs: true, askedAt) ?? throw answer.Misses(call, "without a usable token");
        if (made.Accessor.Length == 0)
        {
            throw answer.Misses(call, "with a token that has no accessor and so cannot be revoked; the token role must give service tokens");
        }

        var expiresAt = made.Life > TimeSpan.Zero && made.Life < remaining ? askedAt + made.Life : askedAt + remaining;
        var debt = await OweAsync(request.Ledger, made, expiresAt);
        parent.Need(expiresAt);
        var token = new TaskToken(made.Value, made.Accessor, debt, parent, expiresAt) { ReplacedAt = replacedAt };
        _byAccessor[made.Accessor] = token;
        VaultLog.TaskTokenMade(logger, request.Key.Task, request.Key.Agent);
        return token;
    }

    private JsonObject Body(LeaseKey key, TimeSpan remaining)
    {
        // In whole seconds, rounded down: nothing lives longer than its task.
        var life = $"{Math.Max(1, (long)remaining.TotalSeconds)}s";
        var body = new JsonObject
        {
            ["meta"] = new JsonObject { ["task"] = key.Task, ["agent"] = key.Agent },
            ["ttl"] = life,
            ["explicit_max_ttl"] = life,
            ["renewable"] = false,
            ["no_default_policy"] = true,
            ["type"] = "service",
        };
        if (settings.TokenPolicies.Count > 0)
        {
            body["policies"] = new JsonArray([.. settings.TokenPolicies.Select(p => (JsonNode)p)]);
        }

        return body;
    }

    private async Task<string> OweAsync(IRevocationLedger ledger, VaultToken made, DateTimeOffset expiresAt)
    {
        try
        {
            var owed = new Revocation(VaultRevoker.TokenAccessor, new SecretValue(made.Accessor), expiresAt) { Issuer = settings.Name, ServesTask = true };
            return await ledger.OweAsync(owed, coveredBy: null, CancellationToken.None);
        }
        catch
        {
            await AbandonAsync(made.Accessor);
            throw;
        }
    }

    /// <summary>Nothing hangs on it yet, and nobody has it: where this fails it merely lives to its end.</summary>
    private async Task AbandonAsync(string accessor)
    {
        try
        {
            await session.SendAsync(VaultRequest.Post("auth/token/revoke-accessor", VaultEffect.Repeatable, new JsonObject { ["accessor"] = accessor }), CancellationToken.None);
        }
        catch (VaultException)
        {
            // What is reported is why it had to be abandoned.
        }
    }

    /// <summary>Gives up tokens that have ended, once in a while.</summary>
    private void Prune()
    {
        var now = clock.GetUtcNow();
        var due = Volatile.Read(ref _pruneAt);
        if (now.UtcTicks < due || Interlocked.CompareExchange(ref _pruneAt, (now + PruneInterval).UtcTicks, due) != due)
        {
            return;
        }

        // A while later than its end: until then its revocation may still be asked for, and its leases with it.
        bool HasEnded(TaskToken? token) => token?.EndsAt < now - ReplaceInterval;
        foreach (var (accessor, _) in _byAccessor.Where(t => HasEnded(t.Value)))
        {
            Forget(accessor);
        }

        foreach (var ended in _tokens.Where(s => HasEnded(s.Value.Token)))
        {
            _tokens.TryRemove(ended);
        }
    }
}
