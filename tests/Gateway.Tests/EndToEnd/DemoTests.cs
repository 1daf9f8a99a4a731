using System.Text.RegularExpressions;

namespace Gateway.Tests.EndToEnd;

/// <summary>The first thing that anyone sees.</summary>
public sealed partial class DemoTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Once_OnAMachineWithItsOwnSettings_ShowsFiveCallsAndTheReceiptAndLeavesNothing()
    {
        using var temporary = new TemporaryFolder();
        await using var demo = ChildProcess.Start(
            "dotnet",
            [Repository.GatewayAssembly, "demo", "--once"],
            new Dictionary<string, string>
            {
                ["TMPDIR"] = temporary.Path,

                // Of the machine, and of a gateway that is being set up on the same machine; the demo is none of their business.
                ["http_proxy"] = "http://127.0.0.1:1",
                ["Gateway__Policy__Directory"] = "/nowhere",
                ["Gateway__Tools__notes__Path"] = "/elsewhere",
                ["Gateway__Nonsense"] = "1",
                ["Gateway__Listeners__Agents__0__Url"] = "http://127.0.0.1:1",
            });

        var code = await demo.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);

        Assert.True(code == 0, demo.Output);
        Assert.Equal("", demo.Errors);
        var lines = demo.Output.Split('\n');
        Assert.Equal(["1", "2", "3", "4", "5"], lines.Where(l => l is [>= '1' and <= '9', ' ', ..]).Select(l => l[..1]));
        Assert.Equal(5, CallId().Matches(demo.Output).Select(m => m.Value).Distinct().Count());
        Assert.Contains("\"revocation\": \"confirmed\"", demo.Output);
        Assert.Contains("verifies with audit-key.pub", demo.Output);
        Assert.Contains("401, it is dead", demo.Output);
        Assert.Contains("not asked: the task has ended", demo.Output);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.DoesNotContain('\u001b', demo.Output);
        Assert.Empty(Directory.EnumerateDirectories(temporary.Path, "gateway-demo-*"));
    }

    [GeneratedRegex("call [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallId();
}
