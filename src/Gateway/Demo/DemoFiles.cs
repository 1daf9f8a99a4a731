namespace Gateway.Demo;

/// <summary>The demo's configuration, which is the repository's <c>config/gateway.json</c>, in a temporary folder of its own.</summary>
internal sealed class DemoFiles : IDisposable
{
    private const string ResourcePrefix = "demo/";

    private DemoFiles(string root) => Root = root;

    public string Root { get; }

    public string Configuration => Path.Combine(Root, "config", "gateway.json");

    public string Data => Path.Combine(Root, "data");

    public string CallLog => Path.Combine(Data, "audit");

    public static DemoFiles Create()
    {
        var files = new DemoFiles(Directory.CreateTempSubdirectory("gateway-demo-").FullName);
        var assembly = typeof(DemoFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            var path = Path.Combine(files.Root, "config", name[ResourcePrefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? files.Root);
            using var resource = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing.");
            using var file = File.Create(path);
            resource.CopyTo(file);
        }

        return files;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
