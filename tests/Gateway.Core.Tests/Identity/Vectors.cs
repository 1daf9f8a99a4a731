namespace Gateway.Core.Tests.Identity;

/// <summary>Where published vectors are found.</summary>
internal static class Vectors
{
    /// <summary>May not exist; then tests that need it are skipped.</summary>
    public static string Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("GATEWAY_VECTORS") is { Length: > 0 } configured)
            {
                return configured;
            }

            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Gateway.sln")))
            {
                directory = directory.Parent;
            }

            return Path.Combine(directory?.FullName ?? string.Empty, "..", "shared", "vectors");
        }
    }
}
