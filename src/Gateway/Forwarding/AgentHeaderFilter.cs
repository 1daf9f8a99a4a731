using System.Collections.Frozen;
using Gateway.Core.Credentials;
using Gateway.Pipeline;

namespace Gateway.Forwarding;

/// <summary>Takes out of the agent's request what must not reach an upstream: its identity, and whatever could fake or shadow an injected credential.</summary>
internal static class AgentHeaderFilter
{
    private static readonly FrozenSet<string> AlwaysRemoved = new[]
    {
        "Authorization", "Proxy-Authorization", "X-Api-Key",

        // The scrubber reads responses as they are sent; an agent must not be able to ask for them in a coding.
        "Accept-Encoding",

        // YARP turns some upgrades into GET or CONNECT after policy has decided on another method.
        "Upgrade", "HTTP2-Settings",

        // Facts about the path to the gateway: internal addresses, and words of the agent that an upstream may trust.
        "Forwarded", "X-Real-IP", "True-Client-IP", "Client-Cert", "Client-Cert-Chain",

        // May carry what other systems put there; not for third parties (W3C Baggage §4). The second is what .NET called it before.
        "baggage", "Correlation-Context",

        // Named identities of other protocols that the gateway may accept.
        "DPoP", "Txn-Token", "Workload-Identity-Token", "Workload-Proof-Token",
    }

        // As such they are refused; here go the spellings with an underscore.
        .Concat(RouteStage.OverrideHeaders)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] RemovedPrefixes = [GatewayHeaders.Prefix, "X-Forwarded-", "X-Original-", "X-Envoy-"];

    /// <summary>Framing belongs to the connection, and policy has read the content type, so naming them in Connection must not remove them.</summary>
    private static readonly FrozenSet<string> Framing = new[] { "Content-Length", "Transfer-Encoding", "Content-Type", "Host", "Connection" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void Apply(IHeaderDictionary headers, IReadOnlyList<InjectionTemplate> injections)
    {
        RemoveNominated(headers);
        List<string>? removed = null;
        foreach (var (name, _) in headers)
        {
            if (MustGo(name, injections))
            {
                (removed ??= []).Add(name);
            }
        }

        if (removed is not null)
        {
            foreach (var name in removed)
            {
                headers.Remove(name);
            }
        }
    }

    private static bool MustGo(string name, IReadOnlyList<InjectionTemplate> injections)
    {
        // Servers that hand headers on as variables (CGI, WSGI, Rack) read X_Api_Key as X-Api-Key.
        var canonical = Canonical(name);
        if (AlwaysRemoved.Contains(canonical))
        {
            return true;
        }

        foreach (var prefix in RemovedPrefixes)
        {
            if (canonical.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        foreach (var injection in injections)
        {
            if (canonical.Equals(Canonical(injection.Header), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string Canonical(string name) => name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name;

    /// <summary>Removes what the agent named in <c>Connection</c>, as every intermediary must (RFC 9110 §7.6.1).</summary>
    private static void RemoveNominated(IHeaderDictionary headers)
    {
        foreach (var value in headers.Connection)
        {
            if (value is null || value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var option in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!Framing.Contains(option))
                {
                    headers.Remove(option);
                }
            }
        }
    }
}
