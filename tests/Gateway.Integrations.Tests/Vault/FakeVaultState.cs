using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>What <see cref="FakeVault"/> knows, and what it does with it.</summary>
internal sealed class FakeVaultState
{
    public const string RootToken = "root";

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, FakeToken> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FakeLease> _leases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _wrapped = new(StringComparer.Ordinal);
    private int _number;

    public FakeVaultState(TimeProvider clock)
    {
        _clock = clock;
        _tokens[RootToken] = new FakeToken { Value = RootToken, Accessor = "root-accessor", IssuedAt = clock.GetUtcNow(), Policies = ["root"] };
    }

    /// <summary>The life of a token that a login gives.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long after its issue a token can be renewed to at most; null means for ever.</summary>
    public TimeSpan? TokenMaxLife { get; set; }

    public bool TokensAreRenewable { get; set; } = true;

    /// <summary>Caps the life of tasks' tokens; null means as asked for.</summary>
    public TimeSpan? ChildLife { get; set; }

    public TimeSpan LeaseLife { get; set; } = TimeSpan.FromMinutes(1);

    public TimeSpan LeaseMaxLife { get; set; } = TimeSpan.FromMinutes(2);

    public bool LeasesAreRenewable { get; set; } = true;

    /// <summary>Whether leases of a revoked token are ended only some time later, as Vault does it.</summary>
    public bool EndsLeasesLater { get; set; } = true;

    /// <summary>Whether a revocation of a lease is only queued, even if asked for in step.</summary>
    public bool QueuesRevocations { get; set; }

    /// <summary>The tokens that the jwt and kubernetes methods let in.</summary>
    public HashSet<string> Jwts { get; } = ["the-gateways-jwt"];

    public string RoleId { get; set; } = "the-role-id";

    /// <summary>The secret ids that approle lets in, and how often.</summary>
    public Dictionary<string, int> SecretIds { get; } = new() { ["the-secret-id"] = int.MaxValue };

    /// <summary>Paths that no token but root may use.</summary>
    public HashSet<string> Denied { get; } = [];

    /// <summary>KV version 2 secrets by the API's path; null is a deleted one.</summary>
    public Dictionary<string, JsonObject?> Secrets { get; } = [];

    /// <summary>What other paths give: "data", and whether there is a lease.</summary>
    public Dictionary<string, Func<FakeVaultRequest, (JsonObject Data, bool HasLease)>> Engines { get; } = [];

    public FakeTransit Transit { get; } = new();

    public IReadOnlyList<FakeToken> Tokens
    {
        get
        {
            lock (_gate)
            {
                return [.. _tokens.Values.Where(t => t.Value != RootToken)];
            }
        }
    }

    public IReadOnlyList<FakeLease> Leases
    {
        get
        {
            lock (_gate)
            {
                return [.. _leases.Values];
            }
        }
    }

    /// <summary>The leases whose credentials still work.</summary>
    public IReadOnlyList<FakeLease> LiveLeases
    {
        get
        {
            lock (_gate)
            {
                return [.. _leases.Values.Where(IsLive)];
            }
        }
    }

    public bool IsLive(FakeToken token) => !token.IsRevoked && !(token.ExpiresAt <= _clock.GetUtcNow()) && (token.Parent is null || IsLive(token.Parent));

    public bool IsLive(FakeLease lease) => !lease.IsRevoked && !lease.IsEnding && lease.ExpiresAt > _clock.GetUtcNow() && (EndsLeasesLater || IsLive(lease.Token));

    /// <summary>Ends what is to end, as Vault does in the background.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            foreach (var lease in _leases.Values.Where(l => l.IsEnding || !IsLive(l.Token)))
            {
                lease.IsRevoked = true;
            }
        }
    }

    /// <summary>Revokes a token behind the gateway's back, and what hangs on it.</summary>
    public void Revoke(FakeToken token)
    {
        lock (_gate)
        {
            End(token);
        }
    }

    /// <summary>Wraps a secret id for delivery.</summary>
    public string Wrap(string secretId, string creationPath = "auth/approle/role/gateway/secret-id")
    {
        lock (_gate)
        {
            var token = $"s.wrap{++_number}";
            _wrapped[token] = new JsonObject { ["secret_id"] = secretId, ["creation_path"] = creationPath };
            return token;
        }
    }

    public FakeVaultAnswer Handle(FakeVaultRequest request)
    {
        lock (_gate)
        {
            var names = request.Path.Split('/');
            return request.Path switch
            {
                "sys/health" => new(200, new JsonObject { ["initialized"] = true, ["sealed"] = false, ["standby"] = false }),
                "sys/wrapping/lookup" => LookupWrapped(request.Text("token") ?? ""),
                "sys/wrapping/unwrap" => Unwrap(request.Token ?? ""),
                _ when names is ["auth", _, "login"] or ["auth", _, _, "login"] => Login(names[1], request),
                _ when request.Token is null => FakeVaultAnswer.Error(400, "missing client token"),
                _ when !_tokens.TryGetValue(request.Token, out var token) || !IsLive(token) || (Denied.Contains(request.Path) && request.Token != RootToken) => FakeVaultAnswer.Error(403, "permission denied"),
                _ => HandleAs(_tokens[request.Token], request),
            };
        }
    }

    private FakeVaultAnswer HandleAs(FakeToken token, FakeVaultRequest request) => request.Path switch
    {
        "auth/token/lookup-self" => FakeVaultAnswer.Ok(new JsonObject
        {
            ["accessor"] = token.Accessor,
            ["renewable"] = token.IsRenewable,
            ["ttl"] = Seconds(token.ExpiresAt),
            ["type"] = "service",
        }),
        "auth/token/renew-self" => Renew(token),
        "auth/token/revoke-self" => Done(() => End(token)),
        "auth/token/revoke-accessor" => RevokeAccessor(request.Text("accessor") ?? ""),
        "auth/token/lookup-accessor" => FindAccessor(request.Text("accessor") ?? "") is null ? FakeVaultAnswer.Error(403, "1 error occurred:\n\t* invalid accessor\n\n") : FakeVaultAnswer.Ok([]),
        "sys/leases/lookup" => LookupLease(request.Text("lease_id") ?? ""),
        "sys/leases/renew" => RenewLease(request),
        "sys/leases/revoke" => RevokeLease(request),
        _ when request.Path.StartsWith("auth/token/create", StringComparison.Ordinal) => CreateChild(token, request),
        _ when request.Path.StartsWith("sys/mounts/", StringComparison.Ordinal) => FakeVaultAnswer.NoContent,
        _ when Transit.Handle(request) is { } answer => answer,
        _ when Secrets.TryGetValue(request.Path, out var secret) => ReadSecret(secret),
        _ when Engines.TryGetValue(request.Path, out var engine) => Issue(token, request, engine(request)),
        _ when request.Path == "database/creds/ro" => Issue(token, request, (new JsonObject { ["username"] = $"v-token-ro-{++_number}", ["password"] = $"password-{_number}-{Guid.NewGuid():N}" }, true)),
        _ when request.Path.StartsWith("database/creds/", StringComparison.Ordinal) => FakeVaultAnswer.Error(400, $"unknown role: {request.Path.Split('/')[^1]}"),
        _ when request.Path.StartsWith("secret/data/", StringComparison.Ordinal) => FakeVaultAnswer.Error(404),
        _ => FakeVaultAnswer.Error(404, $"no handler for route '{request.Path}'"),
    };

    private FakeVaultAnswer Login(string method, FakeVaultRequest request)
    {
        switch (method)
        {
            case "approle" when request.Text("role_id") != RoleId || !SecretIds.TryGetValue(request.Text("secret_id") ?? "", out var uses) || uses == 0:
                return FakeVaultAnswer.Error(400, "invalid secret id");
            case "approle":
                SecretIds[request.Text("secret_id") ?? ""]--;
                break;
            case "jwt" or "kubernetes" when !Jwts.Contains(request.Text("jwt") ?? ""):
                return FakeVaultAnswer.Error(method == "jwt" ? 400 : 403, "error validating token: invalid audience (aud) claim");
        }

        return FakeVaultAnswer.Ok(auth: Auth(Make(parent: null, TokenLife, TokensAreRenewable, [], [])));
    }

    private FakeVaultAnswer CreateChild(FakeToken parent, FakeVaultRequest request)
    {
        var asked = TimeSpan.FromSeconds(long.Parse((request.Text("explicit_max_ttl") ?? "0s").TrimEnd('s'), CultureInfo.InvariantCulture));
        var life = ChildLife < asked ? ChildLife.Value : asked;
        var meta = request.Body?["meta"]?.AsObject().ToDictionary(m => m.Key, m => m.Value?.ToString() ?? "") ?? [];
        var policies = request.Body?["policies"]?.AsArray().Select(p => p?.ToString() ?? "").ToArray() ?? [];
        return FakeVaultAnswer.Ok(auth: Auth(Make(parent, life, isRenewable: request.Body?["renewable"]?.GetValue<bool>() ?? true, meta, policies)));
    }

    private FakeToken Make(FakeToken? parent, TimeSpan life, bool isRenewable, Dictionary<string, string> meta, string[] policies)
    {
        var now = _clock.GetUtcNow();
        var token = new FakeToken
        {
            Value = $"s.token{++_number}-{Guid.NewGuid():N}",
            Accessor = $"accessor{_number}-{Guid.NewGuid():N}",
            Parent = parent,
            Meta = meta,
            Policies = policies,
            IssuedAt = now,
            ExpiresAt = now + life,
            IsRenewable = isRenewable,
        };
        return _tokens[token.Value] = token;
    }

    private JsonObject Auth(FakeToken token) => new()
    {
        ["client_token"] = token.Value,
        ["accessor"] = token.Accessor,
        ["policies"] = new JsonArray("default"),
        ["token_policies"] = new JsonArray("default"),
        ["metadata"] = null,
        ["lease_duration"] = Seconds(token.ExpiresAt),
        ["renewable"] = token.IsRenewable,
        ["entity_id"] = "",
        ["token_type"] = "service",
        ["orphan"] = token.Parent is null,
    };

    private FakeVaultAnswer Renew(FakeToken token)
    {
        if (!token.IsRenewable)
        {
            return FakeVaultAnswer.Error(400, "lease is not renewable");
        }

        var end = _clock.GetUtcNow() + TokenLife;
        token.ExpiresAt = token.IssuedAt + TokenMaxLife is { } last && last < end ? last : end;
        return FakeVaultAnswer.Ok(auth: Auth(token));
    }

    private FakeVaultAnswer RevokeAccessor(string accessor)
    {
        if (FindAccessor(accessor) is not { } token)
        {
            return FakeVaultAnswer.Error(400, "invalid accessor");
        }

        End(token);
        return FakeVaultAnswer.NoContent;
    }

    private FakeToken? FindAccessor(string accessor) => _tokens.Values.FirstOrDefault(t => t.Accessor == accessor && IsLive(t));

    /// <summary>A token's end is that of its children, and the order to end their leases.</summary>
    private void End(FakeToken token)
    {
        token.IsRevoked = true;
        foreach (var lease in _leases.Values.Where(l => !l.IsRevoked && !IsLive(l.Token)))
        {
            (lease.IsEnding, lease.IsRevoked) = (true, !EndsLeasesLater);
        }
    }

    private FakeVaultAnswer Issue(FakeToken token, FakeVaultRequest request, (JsonObject Data, bool HasLease) made)
    {
        if (!made.HasLease)
        {
            return FakeVaultAnswer.Ok(made.Data);
        }

        var now = _clock.GetUtcNow();
        var lease = new FakeLease
        {
            Id = $"{request.Path}/{++_number}{Guid.NewGuid():N}",
            Token = token,
            Data = made.Data,
            IssuedAt = now,
            ExpiresAt = now + LeaseLife,
            IsRenewable = LeasesAreRenewable,
        };
        _leases[lease.Id] = lease;
        return FakeVaultAnswer.Ok(made.Data, auth: null, lease.Id, lease.IsRenewable, Seconds(lease.ExpiresAt));
    }

    private FakeVaultAnswer LookupLease(string id) => Find(id) is { } lease
        ? FakeVaultAnswer.Ok(new JsonObject
        {
            ["expire_time"] = lease.ExpiresAt.ToString("o", CultureInfo.InvariantCulture),
            ["id"] = lease.Id,
            ["issue_time"] = lease.IssuedAt.ToString("o", CultureInfo.InvariantCulture),
            ["last_renewal"] = null,
            ["renewable"] = lease.IsRenewable && !lease.IsEnding,
            ["ttl"] = lease.IsEnding ? 0 : Seconds(lease.ExpiresAt),
        })
        : FakeVaultAnswer.Error(400, "invalid lease");

    private FakeVaultAnswer RenewLease(FakeVaultRequest request)
    {
        if (Find(request.Text("lease_id") ?? "") is not { IsEnding: false } lease)
        {
            return FakeVaultAnswer.Error(400, "lease not found");
        }

        if (!lease.IsRenewable)
        {
            return FakeVaultAnswer.Error(400, "lease is not renewable");
        }

        var asked = request.Body?["increment"] is { } increment ? TimeSpan.FromSeconds(increment.GetValue<long>()) : LeaseLife;
        var (end, last) = (_clock.GetUtcNow() + asked, lease.IssuedAt + LeaseMaxLife);
        lease.ExpiresAt = end < last ? end : last;
        return FakeVaultAnswer.Ok(data: null, auth: null, lease.Id, renewable: true, Seconds(lease.ExpiresAt));
    }

    private FakeVaultAnswer RevokeLease(FakeVaultRequest request)
    {
        if (QueuesRevocations)
        {
            return new(202, null);
        }

        if (Find(request.Text("lease_id") ?? "") is { } lease)
        {
            (lease.IsEnding, lease.IsRevoked) = (true, request.Body?["sync"]?.GetValue<bool>() == true || !EndsLeasesLater);
        }

        return FakeVaultAnswer.NoContent;
    }

    private FakeLease? Find(string id) => _leases.TryGetValue(id, out var lease) && !lease.IsRevoked && lease.ExpiresAt > _clock.GetUtcNow() ? lease : null;

    private static FakeVaultAnswer ReadSecret(JsonObject? secret)
    {
        var metadata = new JsonObject { ["created_time"] = "2026-11-21T21:43:41.655201644Z", ["deletion_time"] = secret is null ? "2026-11-21T21:43:41.659028404Z" : "", ["destroyed"] = false, ["version"] = 1 };
        var ok = FakeVaultAnswer.Ok(new JsonObject { ["data"] = secret?.DeepClone(), ["metadata"] = metadata });
        return secret is null ? ok with { Status = 404 } : ok;
    }

    private FakeVaultAnswer LookupWrapped(string token) => _wrapped.TryGetValue(token, out var wrapped)
        ? FakeVaultAnswer.Ok(new JsonObject { ["creation_path"] = wrapped["creation_path"]?.ToString(), ["creation_ttl"] = 60 })
        : FakeVaultAnswer.Error(400, "wrapping token is not valid or does not exist");

    private FakeVaultAnswer Unwrap(string token) => _wrapped.Remove(token, out var wrapped)
        ? FakeVaultAnswer.Ok(new JsonObject { ["secret_id"] = wrapped["secret_id"]?.ToString(), ["secret_id_ttl"] = 0 })
        : FakeVaultAnswer.Error(400, "wrapping token is not valid or does not exist");

    private static FakeVaultAnswer Done(Action action)
    {
        action();
        return FakeVaultAnswer.NoContent;
    }

    private long Seconds(DateTimeOffset? end) => end is { } at ? Math.Max(0, (long)Math.Round((at - _clock.GetUtcNow()).TotalSeconds)) : 0;
}
