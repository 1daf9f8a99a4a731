using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Gateway.Cedar.Tests.Oracle;

/// <summary>The reference engine, from npm, in a Node process.</summary>
internal sealed class ReferenceEngine : IDisposable
{
    private readonly Process _process;

    private ReferenceEngine(Process process) => _process = process;

    public static ReferenceEngine Start()
    {
        var folder = Environment.GetEnvironmentVariable("GATEWAY_NODE_MODULES");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "no reference engine: GATEWAY_NODE_MODULES is not set");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(folder!, "node_modules", "@cedar-policy", "cedar-wasm")),
            $"no reference engine: {folder} has no node_modules/@cedar-policy/cedar-wasm");
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Oracle", "reference.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        return new(Process.Start(start)!);
    }

    /// <summary>Asks all questions at once; the answers come in their order.</summary>
    public async Task<JsonElement[]> AskAsync(IReadOnlyList<(string Operation, string Json)> questions)
    {
        var writing = Task.Run(async () =>
        {
            foreach (var (operation, json) in questions)
            {
                await _process.StandardInput.WriteLineAsync($"{operation} {json}");
            }

            await _process.StandardInput.FlushAsync();
        });
        var answers = new JsonElement[questions.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var line = await _process.StandardOutput.ReadLineAsync();
            Assert.True(line is not null, "the reference engine ended");
            answers[i] = JsonDocument.Parse(line!, new JsonDocumentOptions { MaxDepth = 4096 }).RootElement;
        }

        await writing;
        return answers;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
