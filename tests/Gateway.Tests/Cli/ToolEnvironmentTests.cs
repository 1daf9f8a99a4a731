using Gateway.Cli;
using Gateway.Configuration;

namespace Gateway.Tests.Cli;

public sealed class ToolEnvironmentTests
{
    [Fact]
    public void Create_Tools_NamesEachAndWhatSdksRead()
    {
        var variables = ToolEnvironment.Create("http://127.0.0.1:8080/", new Dictionary<string, ToolOptions>
        {
            ["my-crm.v2"] = Tool("/crm", "https://crm.example"),
            ["openai"] = Tool("/llm/openai", "https://api.openai.com"),
            ["claude"] = Tool("/claude", "https://api.anthropic.com/"),
        });

        Assert.Equal(
            [
                "ANTHROPIC_BASE_URL=http://127.0.0.1:8080/claude", "CLAUDE_BASE_URL=http://127.0.0.1:8080/claude", "GATEWAY_URL=http://127.0.0.1:8080",
                "MY_CRM_V2_BASE_URL=http://127.0.0.1:8080/crm", "OPENAI_BASE_URL=http://127.0.0.1:8080/llm/openai/v1",
            ],
            variables.Select(v => $"{v.Key}={v.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_UpstreamWithTheVersionInIt_DoesNotRepeatIt() =>
        Assert.Equal("https://g/a", ToolEnvironment.Create("https://g", new Dictionary<string, ToolOptions> { ["a"] = Tool("/a", "https://api.openai.com/v1") })["OPENAI_BASE_URL"]);

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("https://*:8443", "https://localhost:8443")]
    [InlineData("http://0.0.0.0:8080", "http://localhost:8080")]
    [InlineData("http://[::1]:8080", "http://[::1]:8080")]
    [InlineData("http://localhost:80", "http://localhost")]
    [InlineData("unix:/run/agents.sock", null)]
    public void BaseUrlOf_Listener_IsWhereThisHostReachesIt(string url, string? expected) =>
        Assert.Equal(expected, ToolEnvironment.BaseUrlOf(new ListenersOptions { Agents = [new ListenerOptions { Url = url }] }));

    private static ToolOptions Tool(string path, string upstream) => new() { Path = path, Upstream = upstream, Credential = "key" };
}
