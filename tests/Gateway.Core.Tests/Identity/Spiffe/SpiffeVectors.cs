using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Tests.Identity.Spiffe;

/// <summary>The specification texts and the published cases.</summary>
internal static class SpiffeVectors
{
    private static readonly string Folder = Path.Combine(Find(), "spiffe");

    public static string Read(string file)
    {
        Assert.SkipUnless(Directory.Exists(Folder), "The vectors are neither at GATEWAY_VECTORS nor at ../shared/vectors.");
        return File.ReadAllText(Path.Combine(Folder, file));
    }

    public static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(Read(file));
        return certificates;
    }

    private static string Find()
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
