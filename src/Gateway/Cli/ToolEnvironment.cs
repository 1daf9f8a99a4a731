using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary>The environment variables by which programs find the configured tools.</summary>
internal static class ToolEnvironment
{
    /// <param name="baseUrl">Where agents reach the gateway, or a sidecar.</param>
    /// <param name="tools">The configured tools.</param>
    /// <returns><c>GATEWAY_URL</c>, <c>NAME_BASE_URL</c> of each tool, and what SDKs of model providers read.</returns>
    public static Dictionary<string, string> Create(string baseUrl, IReadOnlyDictionary<string, ToolOptions> tools)
    {
        var root = baseUrl.TrimEnd('/');
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["GATEWAY_URL"] = root };
        foreach (var (name, tool) in tools)
        {
            variables.TryAdd($"{Variable(name)}_BASE_URL", $"{root}{tool.Path}");
        }

        foreach (var tool in tools.Values)
        {
            AddWellKnown(variables, $"{root}{tool.Path}", tool);
        }

        return variables;
    }

    /// <summary>Where an agent on this host reaches the first listener that has an address; null where none has.</summary>
    public static string? BaseUrlOf(ListenersOptions listeners)
    {
        foreach (var listener in listeners.Agents)
        {
            if (ListenerAddress.TryParse(listener.Url, out var address, out _) && address is { SocketPath: null, Port: > 0 })
            {
                var host = address.Ip is { } ip && !ip.Equals(System.Net.IPAddress.Any) && !ip.Equals(System.Net.IPAddress.IPv6Any) ? ip.ToString() : "localhost";
                return new UriBuilder(address.Https ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, host, address.Port).Uri.GetLeftPart(UriPartial.Authority);
            }
        }

        return null;
    }

    private static void AddWellKnown(Dictionary<string, string> variables, string url, ToolOptions tool)
    {
        if (tool.AllDestinations.Values.FirstOrDefault() is not { } destination || !Uri.TryCreate(destination.Address, UriKind.Absolute, out var upstream))
        {
            return;
        }

        switch (upstream.Host)
        {
            // Its SDKs expect the version in the base URL.
            case "api.openai.com":
                variables["OPENAI_BASE_URL"] = upstream.AbsolutePath.TrimEnd('/') == "/v1" ? url : $"{url}/v1";
                break;
            case "api.anthropic.com":
                variables["ANTHROPIC_BASE_URL"] = url;
                break;
        }
    }

    private static string Variable(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
