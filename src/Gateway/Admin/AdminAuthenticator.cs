using System.Text.Json;
using Gateway.Core.Identity;
using Gateway.Core.Identity.Jwt;
using Gateway.Hosting;

namespace Gateway.Admin;

/// <summary>Finds out which operator uses the admin API.</summary>
internal sealed class AdminAuthenticator(AdminToken token, SnapshotSource snapshots, TimeProvider clock)
{
    private const string Bearer = "Bearer ";

    private readonly JwtAuthenticator _tokens = new(IssuerSet.Empty, clock);

    /// <returns>Null where nobody can be told.</returns>
    public async ValueTask<AdminCaller?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var presented = header[Bearer.Length..].Trim(' ');
        var snapshot = snapshots.Current;
        if (snapshot.AdminIssuers.All.Count == 0)
        {
            return token.Matches(presented) ? new AdminCaller(AdminToken.FileName, AdminRole.Admin) : null;
        }

        var verified = await _tokens.AuthenticateAsync(presented.AsMemory(), snapshot.AdminIssuers, cancellationToken);

        // With nothing proven, a token that is bound to a key identifies nobody.
        var result = verified.Prove(default);
        return result.Succeeded ? new AdminCaller(result.Agent.Id, RoleOf(result.Agent, snapshot.Plan.Options.Admin.RoleClaim)) : null;
    }

    private static AdminRole RoleOf(AgentIdentity identity, string claim)
    {
        if (!identity.Claims.TryGetValue(claim, out var roles))
        {
            return AdminRole.None;
        }

        return roles.ValueKind switch
        {
            JsonValueKind.String => Parse(roles),
            JsonValueKind.Array => roles.EnumerateArray().Select(Parse).DefaultIfEmpty().Max(),
            _ => AdminRole.None,
        };
    }

    private static AdminRole Parse(JsonElement role) => role.ValueKind != JsonValueKind.String ? AdminRole.None : role.GetString() switch
    {
        "viewer" => AdminRole.Viewer,
        "operator" => AdminRole.Operator,
        "admin" => AdminRole.Admin,
        _ => AdminRole.None,
    };
}
