namespace Gateway.Tests.EndToEnd;

/// <summary>Where things are in the repository that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string NodeScripts { get; } = Path.Combine(Root, "tests", "Gateway.Tests", "EndToEnd", "node");

    /// <summary>The gateway as it was built together with these tests.</summary>
    public static string GatewayAssembly { get; } = Path.Combine(AppContext.BaseDirectory, "gateway.dll");

    /// <summary>The folder that holds <c>node_modules</c>; skips the test where there is none.</summary>
    public static string RequireNodeModules()
    {
        var folder = Environment.GetEnvironmentVariable("GATEWAY_NODE_MODULES");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "GATEWAY_NODE_MODULES is not set; tests/run installs the npm packages and sets it.");
        return folder!;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("These tests run from a folder below the repository.");
    }
}
