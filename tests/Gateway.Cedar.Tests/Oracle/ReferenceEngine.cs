using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Gateway.Cedar.Tests.Oracle;

/// <summary>The reference engine, from npm, in a Node process.</summary>
internal sealed class ReferenceEngine : IDisposable
{
    private static readonly JsonElement Crash = JsonSerializer.Deserialize<JsonElement>("""{"type":"crash"}""");

    private Process _process;

    private ReferenceEngine(Process process) => _process = process;

    public static ReferenceEngine Start()
    {
        var folder = Environment.GetEnvironmentVariable("GATEWAY_NODE_MODULES");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "no reference engine: GATEWAY_NODE_MODULES is not set");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(folder!, "node_modules", "@cedar-policy", "cedar-wasm")),
            $"no reference engine: {folder} has no node_modules/@cedar-policy/cedar-wasm");
        return new(StartProcess());
    }

    private static Process StartProcess()
    {
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Oracle", "reference.mjs")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        return Process.Start(start)!;
    }

    /// <summary>Asks all questions at once; the answers come in their order. A question that the engine dies of is answered with a crash.</summary>
    public async Task<JsonElement[]> AskAsync(IReadOnlyList<(string Operation, string Json)> questions)
    {
        var answers = new JsonElement[questions.Count];
        for (var answered = 0; answered < answers.Length;)
        {
            answered = await AskFromAsync(questions, answers, answered);
            if (answered < answers.Length)
            {
                answers[answered++] = Crash;
                _process.Dispose();
                _process = StartProcess();
            }
        }

        return answers;
    }

    /// <returns>How many questions have an answer now.</returns>
    private async Task<int> AskFromAsync(IReadOnlyList<(string Operation, string Json)> questions, JsonElement[] answers, int first)
    {
        var input = _process.StandardInput;
        var writing = Task.Run(async () =>
        {
            try
            {
                foreach (var (operation, json) in questions.Skip(first))
                {
                    await input.WriteLineAsync($"{operation} {json}");
                }

                await input.FlushAsync();
            }
            catch (IOException)
            {
                // It died meanwhile, which the reader sees too.
            }
        });
        var next = first;
        for (; next < answers.Length && await _process.StandardOutput.ReadLineAsync() is { } line; next++)
        {
            answers[next] = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 4096 }).RootElement;
        }

        await writing;
        return next;
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
