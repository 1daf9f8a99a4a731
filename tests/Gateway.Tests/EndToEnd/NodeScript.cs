using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>A script of the folder <c>node</c> that runs with the npm packages of the tests and prints JSON lines.</summary>
internal sealed class NodeScript : IAsyncDisposable
{
    // The first start on a busy machine compiles some hundred modules.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private NodeScript(TemporaryFolder folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
    }

    public string Output => _process.Output;

    public static NodeScript Start(string script, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var modules = Path.Combine(Repository.RequireNodeModules(), "node_modules");
        var folder = new TemporaryFolder();

        // An ES module finds packages from where it is, not through NODE_PATH.
        foreach (var file in Directory.EnumerateFiles(Repository.NodeScripts, "*.mjs"))
        {
            File.Copy(file, folder.Combine(Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(folder.Combine("node_modules"), modules);
        return new NodeScript(folder, ChildProcess.Start("node", [script, .. arguments], environment, folder.Path));
    }

    public async Task<JsonElement> ReadAsync(CancellationToken cancellationToken)
    {
        var line = await _process.ReadLineAsync(Patience, cancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(line);
    }

    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(Patience, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
