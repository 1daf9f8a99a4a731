using System.Text;

namespace Gateway.Tests.EndToEnd;

/// <summary>Searches for a secret in every place where it could have leaked, in every form in which it could be written.</summary>
internal static class Canary
{
    /// <summary>Unguessable, and recognisable in a failure's text.</summary>
    public static string New(string name) => $"canary-{name}-{Guid.NewGuid():N}{Guid.NewGuid():N}";

    public static void AssertAbsent(string secret, string text, string place)
    {
        foreach (var form in Forms(secret))
        {
            var at = text.IndexOf(form, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                Assert.Fail($"{place} holds the secret as '{form}': …{text[Math.Max(0, at - 200)..Math.Min(text.Length, at + form.Length + 50)]}…");
            }
        }
    }

    public static async Task AssertAbsentAsync(string secret, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        AssertAbsent(secret, response.ReasonPhrase ?? "", "The reason phrase");
        AssertAbsent(secret, $"{response.Headers}{response.Content.Headers}{response.TrailingHeaders}", "A response header");
        AssertAbsent(secret, Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)), "A response body");
    }

    /// <summary>Every file below the folder, names included.</summary>
    public static void AssertAbsentFromFolder(string secret, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            AssertAbsent(secret, file, "A file name");
            AssertAbsent(secret, Encoding.Latin1.GetString(ReadInUse(file)), file);
        }
    }

    /// <summary>What the operating system shows of a process: command line and initial environment.</summary>
    public static void AssertAbsentFromProcess(string secret, int process)
    {
        AssertAbsent(secret, File.ReadAllText($"/proc/{process}/cmdline"), "The command line");
        AssertAbsent(secret, File.ReadAllText($"/proc/{process}/environ"), "The environment");
    }

    /// <summary>Everything that a running gateway leaves behind.</summary>
    public static void AssertAbsentFrom(GatewayProcess gateway, string secret)
    {
        AssertAbsent(secret, gateway.Output, "The gateway's output");
        AssertAbsentFromFolder(secret, gateway.Folder.Path);
        AssertAbsentFromProcess(secret, gateway.Id);
    }

    /// <summary>Reads a file whoever holds a lock on it.</summary>
    private static byte[] ReadInUse(string file)
    {
        using var stream = new FileStream(LibC.OpenForReading(file), FileAccess.Read);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return Convert.ToHexString(bytes);

        // In base64 a text looks different at each of three offsets; the ends depend on what is around it.
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            var inner = encoded[4..(encoded.Length - 4)];
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
        }
    }
}
