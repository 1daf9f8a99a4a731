using System.Formats.Tar;
using System.IO.Compression;

namespace Gateway.Cedar.Tests.Corpus;

/// <summary>Streams the reference engine's published tests out of their archive.</summary>
internal static class CorpusArchive
{
    public static string Require(string fileName)
    {
        var folder = Environment.GetEnvironmentVariable("GATEWAY_VECTORS") ?? FindSharedVectors();
        Assert.SkipWhen(folder is null, "no vectors: neither GATEWAY_VECTORS nor ../shared/vectors exists");
        var path = Path.Combine(folder!, "cedar", fileName);
        Assert.SkipUnless(File.Exists(path), $"no vectors: {path} is missing");
        return path;
    }

    /// <summary>The files of the archive, each with its path.</summary>
    public static IEnumerable<(string Path, string Text)> ReadFiles(string archive)
    {
        using var file = File.OpenRead(archive);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null)
            {
                using var reader = new StreamReader(entry.DataStream);
                yield return (entry.Name.TrimStart('.', '/'), reader.ReadToEnd());
            }
        }
    }

    /// <summary>The corpus: four files of one name each, yielded as soon as all four have been read.</summary>
    public static IEnumerable<CorpusCase> ReadCorpus(string archive)
    {
        var pending = new Dictionary<string, Dictionary<string, string>>();
        foreach (var (path, text) in ReadFiles(archive))
        {
            var name = Path.GetFileName(path);
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var stem = name[..dot];
            if (!pending.TryGetValue(stem, out var parts))
            {
                pending.Add(stem, parts = []);
            }

            parts.Add(name[dot..], text);
            if (parts.Count == 4)
            {
                pending.Remove(stem);
                yield return new(stem, parts[".json"], parts[".cedar"], parts[".cedarschema"], parts[".entities.json"]);
            }
        }

        Assert.Empty(pending);
    }

    private static string? FindSharedVectors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                var vectors = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "vectors"));
                return Directory.Exists(vectors) ? vectors : null;
            }
        }

        return null;
    }
}
