using System.Text.Json;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Secrets;

/// <summary>The content of the store's file at one moment.</summary>
/// <param name="Entries">By name.</param>
/// <param name="Stamp">What the file looked like from outside.</param>
internal sealed record SecretFile(SortedDictionary<string, StoredSecret> Entries, SecretFileStamp Stamp)
{
    /// <summary>Reads it; a missing file is an empty store.</summary>
    /// <exception cref="SecretUnavailableException">It cannot be read, is not what the store wrote, or others may read it.</exception>
    public static SecretFile Load(string path)
    {
        // The stamp is taken first: a change between the two makes the next look read again, never the reverse.
        var stamp = SecretFileStamp.Of(path);
        if (PrivateFile.IsShared(stamp.Mode))
        {
            throw new SecretUnavailableException($"The secret store {path} is readable by others than its owner: chmod 600 {path}");
        }

        try
        {
            using var stream = File.OpenRead(path);
            var entries = JsonSerializer.Deserialize(stream, SecretFileJson.Default.SortedDictionaryStringStoredSecret);
            return new SecretFile(new SortedDictionary<string, StoredSecret>(entries ?? throw Corrupt(path), StringComparer.Ordinal), stamp);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new SecretFile(new SortedDictionary<string, StoredSecret>(StringComparer.Ordinal), stamp);
        }
        catch (JsonException)
        {
            throw Corrupt(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretUnavailableException($"The secret store {path} cannot be read: it must belong to the gateway's user.");
        }
    }

    private static SecretUnavailableException Corrupt(string path) =>
        new($"The secret store {path} is damaged: restore it from a backup, or remove the file and set the secrets again.");
}
