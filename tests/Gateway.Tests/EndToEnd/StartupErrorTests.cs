namespace Gateway.Tests.EndToEnd;

/// <summary>An operator sees every mistake at once, whichever command looks at the configuration.</summary>
public sealed class StartupErrorTests
{
    private const string FiveMistakes = """
        {
          "Gateway": {
            "Listeners": { "Agents": [ { "Url": "http://127.0.0.1:99999" } ], "Admin": { "Url": "http://127.0.0.1:8081" } },
            "Identity": { "Issuers": { "dev": { "Issuer": "https://issuer.test", "Audiences": ["gateway"], "JwksUri": "not a url" } } },
            "Tools": { "api": { "Path": "api", "Upstream": "https://api.example.com", "Credential": "missing", "Opertions": {} } },
            "Credentials": { "key": { "Type": "Static", "Value": "hunter2-in-clear-text", "Owner": "crm", "NotAfter": "2099-12-31" } }
          }
        }
        """;

    private static readonly string[] Keys =
    [
        "Gateway:Listeners:Agents:0:Url",
        "Gateway:Identity:Issuers:dev:JwksUri",
        "Gateway:Tools:api:Path",
        "Gateway:Tools:api:Opertions",
        "Gateway:Credentials:key:Value",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    public async Task Configuration_WithFiveMistakes_AllAreNamedAndNoneIsQuoted(string verb)
    {
        using var folder = new TemporaryFolder();
        folder.Write("policies/test.cedar", "permit (principal, action, resource);");
        var configuration = folder.Write("gateway.json", FiveMistakes);

        await using var gateway = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, verb, "--config", configuration]);

        Assert.True(await gateway.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop) == 2, gateway.Output);
        Assert.All(Keys, key => Assert.Contains(key, gateway.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", gateway.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Combine("data")), "A gateway that does not start leaves nothing behind.");
    }
}
