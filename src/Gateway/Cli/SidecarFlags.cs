using System.CommandLine;
using System.Globalization;
using Gateway.Configuration;
using Gateway.Sidecar;

namespace Gateway.Cli;

/// <summary>The switches of <c>gateway sidecar</c>, and what they say together.</summary>
internal sealed class SidecarFlags
{
    private const string SocketScheme = ListenerAddress.UnixScheme;

    private readonly Option<string> _listen = Text("--listen", "http://127.0.0.1:PORT, another loopback address, or unix:PATH. Default: http://127.0.0.1:8082.", "URL");
    private readonly Option<string> _gateway = Text("--gateway", "Where the gateway listens: https://HOST:PORT, http://HOST:PORT or unix:PATH.", "URL");
    private readonly Option<string> _tokenFile = Text("--token-file", "File with the workload's token, re-read when it is rotated.", "FILE");
    private readonly Option<string> _certificate = Text("--svid-cert", "PEM file with the workload's certificate (X.509-SVID) and its chain, re-read when it is rotated.", "FILE");
    private readonly Option<string> _key = Text("--svid-key", "PEM file with the certificate's private key.", "FILE");
    private readonly Option<string> _bundle = Text("--svid-bundle", "PEM file with the trust domain's authorities, which the gateway's certificate is held against.", "FILE");
    private readonly Option<string> _authorities = Text("--ca", "PEM file with the authorities that the gateway's certificate is held against. Default: the system's.", "FILE");
    private readonly Option<string> _spiffeId = Text("--gateway-spiffe-id", "The gateway's SPIFFE ID, checked instead of its host name.", "ID");
    private readonly Option<bool> _proof = new("--dpop") { Description = "Add a proof of possession (DPoP) with a key that is made at start and kept in memory." };
    private readonly Option<string> _tokenEndpoint = Text("--token-endpoint", "Where the token in --token-file, as client assertion (RFC 7523), obtains one that is bound to the proof's key.", "URL");
    private readonly Option<string> _clientId = Text("--client-id", "The client's name at the token endpoint. Default: what the assertion says.", "ID");
    private readonly Option<string> _scope = Text("--scope", "The scope to ask the token endpoint for. Default: none.", "SCOPE");
    private readonly Option<string> _resource = Text("--resource", "What the gateway is called at the token endpoint (RFC 8707). Default: none.", "URI");
    private readonly Option<string> _externalUrl = Text("--external-url", "What the gateway calls itself, for proofs. Default: --gateway.", "URL");
    private readonly Option<string> _timeout = Text("--timeout", "How long the gateway may be silent during a request. Default: 00:10:00.", "HH:MM:SS");

    public IReadOnlyList<Option> All =>
        [_listen, _gateway, _tokenFile, _certificate, _key, _bundle, _authorities, _spiffeId, _proof, _tokenEndpoint, _clientId, _scope, _resource, _externalUrl, _timeout];

    /// <returns>Settings with warnings, or none with all that is wrong.</returns>
    public (SidecarSettings? Settings, IReadOnlyList<string> Problems) Read(ParseResult result)
    {
        var problems = new List<string>();
        var listen = ReadListen(result.GetValue(_listen) ?? "http://127.0.0.1:8082", problems);
        var (gateway, socket) = ReadGateway(result.GetValue(_gateway), problems);
        var external = result.GetValue(_externalUrl) is { } text ? ReadOrigin(_externalUrl.Name, text, problems) : gateway;
        var (token, certificate, key, bundle, authorities) =
            (Path(result, _tokenFile), Path(result, _certificate), Path(result, _key), Path(result, _bundle), Path(result, _authorities));
        var isTls = gateway?.Scheme == Uri.UriSchemeHttps;
        Require(token is not null || certificate is not null, "--token-file or --svid-cert is required: without one there is no identity to attach.");
        Require((certificate is null) == (key is null), "--svid-cert and --svid-key belong together: write both.");
        Require(bundle is null || authorities is null, "--svid-bundle and --ca say the same: write one of them.");
        Require(isTls || gateway is null || (certificate, bundle, authorities, result.GetValue(_spiffeId)) is (null, null, null, null), "--svid-cert, --svid-bundle, --ca and --gateway-spiffe-id need a gateway that is reached by https://.");
        Require(result.GetValue(_spiffeId) is null || bundle is not null || authorities is not null, "--gateway-spiffe-id needs --svid-bundle: the system's authorities do not vouch for SPIFFE IDs.");
        Require(!result.GetValue(_proof) || token is not null, "--dpop needs --token-file: a proof goes with a token.");
        Require(!result.GetValue(_proof) || socket is null || result.GetValue(_externalUrl) is not null, "--dpop through a Unix socket needs --external-url.");
        Require(TryReadTimeout(result.GetValue(_timeout), out var timeout), "--timeout must be hours, minutes and seconds from 00:00:01 to 23:59:59.");
        Require(result.GetValue(_tokenEndpoint) is null || result.GetValue(_proof), "--token-endpoint needs --dpop: without a key there is nothing to bind a token to.");
        Require(result.GetValue(_tokenEndpoint) is not null || (result.GetValue(_clientId), result.GetValue(_scope), result.GetValue(_resource)) is (null, null, null), "--client-id, --scope and --resource belong to --token-endpoint.");
        if (result.GetValue(_tokenEndpoint) is { } endpoint && WebAddress.CheckTrusted(endpoint, queryAllowed: false) is { } wrong)
        {
            problems.Add($"{_tokenEndpoint.Name} {wrong}");
        }

        if (problems.Count > 0 || listen is null || gateway is null || external is null)
        {
            return (null, problems);
        }

        if (socket is null && !isTls && !gateway.IsLoopback)
        {
            problems.Add("--gateway: the token goes over the network without encryption: write https:// if the gateway can do it.");
        }

        return (new SidecarSettings
        {
            Listen = listen,
            Gateway = gateway,
            GatewaySocket = socket,
            ExternalUrl = external,
            TokenFile = token,
            Certificate = certificate,
            Key = key,
            TrustedCertificates = bundle ?? authorities,
            GatewaySpiffeId = result.GetValue(_spiffeId),
            ProvesPossession = result.GetValue(_proof),
            Exchange = result.GetValue(_tokenEndpoint) is { } url
                ? new TokenExchange(new Uri(url), result.GetValue(_clientId), result.GetValue(_scope), result.GetValue(_resource))
                : null,
            Timeout = timeout,
        }, problems);

        void Require(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }

    private static ListenerAddress? ReadListen(string text, List<string> problems)
    {
        if (!ListenerAddress.TryParse(Absolute(text), out var address, out var problem))
        {
            problems.Add($"--listen {problem}");
            return null;
        }

        if (address.Https || !address.IsLoopback)
        {
            problems.Add("--listen must be http:// with a loopback address, or unix: and a path: whoever can connect has the workload's identity.");
            return null;
        }

        return address;
    }

    private static (Uri? Gateway, string? Socket) ReadGateway(string? text, List<string> problems)
    {
        if (text is null)
        {
            problems.Add("--gateway is required: write where the gateway listens, such as https://gateway.example:8443.");
            return default;
        }

        return text.StartsWith(SocketScheme, StringComparison.OrdinalIgnoreCase) && text.Length > SocketScheme.Length
            ? (new Uri("http://gateway"), Absolute(text)[SocketScheme.Length..])
            : (ReadOrigin("--gateway", text, problems), null);
    }

    private static Uri? ReadOrigin(string flag, string text, List<string> problems)
    {
        var problem = WebAddress.CheckUpstream(text) ?? (new Uri(text).AbsolutePath == "/" ? null : "must have no path: tools' paths are the agent's to write.");
        if (problem is not null)
        {
            problems.Add($"{flag} {problem}");
        }

        return problem is null ? new Uri(text) : null;
    }

    private static bool TryReadTimeout(string? text, out TimeSpan timeout)
    {
        timeout = TimeSpan.FromMinutes(10);
        return text is null || (TimeSpan.TryParseExact(text, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out timeout) && timeout > TimeSpan.Zero);
    }

    private static string Absolute(string url) => url.StartsWith(SocketScheme, StringComparison.OrdinalIgnoreCase) && url.Length > SocketScheme.Length
        ? $"{SocketScheme}{System.IO.Path.GetFullPath(url[SocketScheme.Length..])}"
        : url;

    private static string? Path(ParseResult result, Option<string> option) => result.GetValue(option) is { } path ? System.IO.Path.GetFullPath(path) : null;

    private static Option<string> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
