using System.Text;

namespace Gateway.Tests.EndToEnd;

/// <summary><c>gateway audit verify</c> on the log of a real gateway, running and stopped, whole and tampered with.</summary>
public sealed class AuditVerifyCommandTests : IAsyncLifetime
{
    private readonly StaticToolScene _scene = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _scene.InitializeAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Verify_RunningThenKilledThenTamperedWith_TellsWhich()
    {
        for (var call = 0; call < 5; call++)
        {
            await _scene.SendRawAsync("GET /bearer/items/1", "Connection: close\r\n");
        }

        await _scene.Gateway.Log.WaitForCountAsync(5, Stop);
        var directory = _scene.Gateway.Folder.Combine("audit");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(Path.Combine(directory, "calls.head"))), () => "No head.", Stop);

        var (code, output, _) = await RunAsync(directory);
        Assert.True(code == 0, output);
        Assert.Contains("6003 calls 5", output, StringComparison.Ordinal);
        Assert.Contains("an auditor gives a copy of his own", output, StringComparison.Ordinal);
        Assert.Contains("The log is intact.", output, StringComparison.Ordinal);

        var copy = Directory.CreateTempSubdirectory("gateway-verify-").FullName;
        try
        {
            foreach (var file in (string[])[Path.Combine(directory, "calls.head"), Path.Combine(directory, "audit-key.pub"), .. Directory.GetFiles(directory, "calls-*.jsonl")])
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            var key = Path.Combine(directory, "audit-key.pub");
            Assert.Equal(0, (await RunAsync(copy, "--public-key", key)).Code);

            var segment = Directory.GetFiles(copy, "calls-*.jsonl").Single();
            var lines = (await File.ReadAllTextAsync(segment, Stop)).Split('\n');
            var at = Array.FindIndex(lines, line => line.Contains("\"GET\"", StringComparison.Ordinal));
            lines[at] = lines[at].Replace("\"GET\"", "\"PUT\"", StringComparison.Ordinal);
            await File.WriteAllTextAsync(segment, string.Join('\n', lines), Encoding.ASCII, Stop);
            (code, output, _) = await RunAsync(copy, "--public-key", key);
            Assert.Equal(1, code);
            Assert.Contains($"{Path.GetFileName(segment)}:{at + 1}: record {at + 1}: altered", output, StringComparison.Ordinal);
            Assert.Contains($"first broken record: {at + 1}\n", output, StringComparison.Ordinal);
            Assert.Contains("NOT intact", output, StringComparison.Ordinal);

            File.Delete(Path.Combine(copy, "audit-key.pub"));
            var (without, _, errors) = await RunAsync(copy);
            Assert.Equal(1, without);
            Assert.Contains("--public-key FILE", errors, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = ChildProcess.Start("dotnet", [Repository.GatewayAssembly, "audit", "verify", .. arguments]);
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60), Stop);
        return (code, process.Answer, process.Errors);
    }
}
