namespace Gateway.Core.Audit.Chain;

/// <summary>The public keys that a log's statements verify with, beside the log.</summary>
internal static class PublicKeyFile
{
    public const string FileName = "audit-key.pub";

    /// <summary>Adds a key; those of earlier times stay, since statements of theirs do.</summary>
    /// <param name="directory">The log's.</param>
    /// <param name="pem">The key, PEM.</param>
    public static void Add(string directory, string pem)
    {
        var path = Path.Combine(directory, FileName);
        var keys = File.Exists(path) ? File.ReadAllText(path) : "";
        if (keys.Contains(pem, StringComparison.Ordinal))
        {
            return;
        }

        using (var file = PrivateFile.Open(path + ".new", FileMode.Create, FileShare.None))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(keys + pem));
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
