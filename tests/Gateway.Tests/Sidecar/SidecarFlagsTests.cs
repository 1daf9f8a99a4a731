using System.CommandLine;
using Gateway.Cli;

namespace Gateway.Tests.Sidecar;

public sealed class SidecarFlagsTests
{
    [Theory]
    [InlineData("--gateway https://gateway.example:8443 --token-file token")]
    [InlineData("--gateway unix:agents.sock --token-file token --listen unix:sidecar.sock")]
    [InlineData("--gateway http://127.0.0.1:8080 --token-file token --listen http://[::1]:0")]
    [InlineData("--gateway https://gateway.example --svid-cert a --svid-key b --svid-bundle c --gateway-spiffe-id spiffe://example.org/gateway")]
    [InlineData("--gateway https://gateway.example --svid-cert a --svid-key b --token-file token --ca c --timeout 00:00:30")]
    [InlineData("--gateway unix:/run/g.sock --token-file token --dpop --external-url https://gateway.example")]
    [InlineData("--gateway https://gateway.example --token-file token --dpop --token-endpoint https://idp.example/token --client-id a --scope b --resource c")]
    public void Read_Sound_HasSettingsAndNoProblems(string arguments)
    {
        var (settings, problems) = Read(arguments);

        Assert.Empty(problems);
        Assert.NotNull(settings);
    }

    [Theory]
    [InlineData("--token-file t", "--gateway is required")]
    [InlineData("--gateway https://g", "--token-file or --svid-cert is required")]
    [InlineData("--gateway https://g --token-file t --listen http://0.0.0.0:1", "--listen must be http:// with a loopback address")]
    [InlineData("--gateway https://g --token-file t --listen http://*:1", "--listen must be http:// with a loopback address")]
    [InlineData("--gateway https://g --token-file t --listen http://192.0.2.1:1", "--listen must be http:// with a loopback address")]
    [InlineData("--gateway https://g --token-file t --listen https://127.0.0.1:1", "--listen must be http:// with a loopback address")]
    [InlineData("--gateway https://g --token-file t --listen 8082", "--listen must be http:// or https://")]
    [InlineData("--gateway ftp://g --token-file t", "--gateway must be an absolute https or http URL")]
    [InlineData("--gateway https://g/tool --token-file t", "--gateway must have no path")]
    [InlineData("--gateway https://g --svid-cert a", "belong together")]
    [InlineData("--gateway https://g --svid-key a --token-file t", "belong together")]
    [InlineData("--gateway http://127.0.0.1:1 --svid-cert a --svid-key b", "need a gateway that is reached by https")]
    [InlineData("--gateway https://g --token-file t --ca a --svid-bundle b", "say the same")]
    [InlineData("--gateway https://g --token-file t --gateway-spiffe-id spiffe://a/b", "needs --svid-bundle")]
    [InlineData("--gateway https://g --svid-cert a --svid-key b --dpop", "--dpop needs --token-file")]
    [InlineData("--gateway unix:/g --token-file t --dpop", "needs --external-url")]
    [InlineData("--gateway https://g --token-file t --token-endpoint https://idp/token", "--token-endpoint needs --dpop")]
    [InlineData("--gateway https://g --token-file t --dpop --token-endpoint http://idp.example/token", "--token-endpoint must begin with https://")]
    [InlineData("--gateway https://g --token-file t --scope a", "belong to --token-endpoint")]
    [InlineData("--gateway https://g --token-file t --timeout 30", "--timeout must be")]
    public void Read_OneMistake_IsNamed(string arguments, string expected)
    {
        var (settings, problems) = Read(arguments);

        Assert.Null(settings);
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TokenInClearTextOverTheNetwork_IsAWarning()
    {
        var (settings, problems) = Read("--gateway http://gateway.example:8080 --token-file t");

        Assert.NotNull(settings);
        Assert.Contains("without encryption", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static (Gateway.Sidecar.SidecarSettings? Settings, IReadOnlyList<string> Problems) Read(string arguments)
    {
        var flags = new SidecarFlags();
        var command = new RootCommand();
        foreach (var option in flags.All)
        {
            command.Add(option);
        }

        return flags.Read(command.Parse(arguments));
    }
}
