using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Core.Credentials;

namespace Gateway.Integrations.Secrets;

/// <summary><c>secret:NAME</c>: values encrypted with a key ring in the same data directory.</summary>
/// <remarks>
/// The encryption keeps secrets out of copies of <c>secrets.json</c> and of whatever else reads files; who can read the whole
/// directory as the gateway's user can read the secrets. Several processes may use one directory at once.
/// </remarks>
internal sealed class EncryptedSecretStore : ISecretSource
{
    private const int MaximumValueBytes = 64 * 1024;

    private readonly TimeProvider _clock;
    private readonly string _dataDirectory;
    private readonly string _path;
    private readonly KeyRingRepository _keys;
    private volatile Snapshot? _snapshot;

    /// <param name="dataDirectory">Where the store is, or will be at the first <see cref="SetAsync"/>.</param>
    /// <param name="clock">The time of changes.</param>
    public EncryptedSecretStore(string dataDirectory, TimeProvider clock)
    {
        _clock = clock;
        _dataDirectory = Path.GetFullPath(dataDirectory);
        _path = Path.Combine(_dataDirectory, "secrets.json");
        _keys = new KeyRingRepository(Path.Combine(_dataDirectory, "keys"));
    }

    /// <summary>Stores a value under a name, in place of what was there; on disk when it returns.</summary>
    /// <exception cref="ArgumentException">The name is not allowed, or the value is empty or larger than 64 KiB.</exception>
    /// <exception cref="SecretUnavailableException">The store cannot be written, is damaged or readable by others, or its key ring is missing.</exception>
    public async Task SetAsync(string name, SecretValue value, CancellationToken cancellationToken)
    {
        RequireName(name);
        if (Encoding.UTF8.GetByteCount(value.Reveal()) is 0 or > MaximumValueBytes)
        {
            throw new ArgumentException($"A secret has 1 byte to {MaximumValueBytes / 1024} KiB.", nameof(value));
        }

        await ChangeAsync(
            entries =>
            {
                RequireKeys(entries);
                var text = new SecretProtection(_keys, mayCreateKeys: true).Protect(name, value);
                entries[name] = new StoredSecret(text, _clock.GetUtcNow());
                return true;
            },
            cancellationToken);
    }

    /// <returns>Whether there was such a secret.</returns>
    /// <inheritdoc cref="SetAsync" path="/exception"/>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken)
    {
        RequireName(name);
        return ChangeAsync(entries => entries.Remove(name), cancellationToken);
    }

    /// <summary>What is stored, by name; values stay where they are.</summary>
    /// <exception cref="SecretUnavailableException">The store is damaged or readable by others.</exception>
    public Task<IReadOnlyList<SecretEntry>> ListAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<SecretEntry>>(
            [.. SecretFile.Load(_path).Entries.Select(entry => new SecretEntry(entry.Key, entry.Value.SetAt))]);
    }

    public ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new(Read(reference));
        }
        catch (SecretUnavailableException unavailable)
        {
            throw new SecretUnavailableException($"{reference}: {unavailable.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretUnavailableException($"{reference}: {_dataDirectory} cannot be read: it must belong to the gateway's user.");
        }
    }

    private SecretValue Read(SecretReference reference)
    {
        var cached = _snapshot is { } last && last.IsCurrent(_path) ? last : null;
        var fresh = cached is null;
        var snapshot = cached ?? Load();
        while (true)
        {
            if (!snapshot.File.Entries.TryGetValue(reference.Name, out var entry))
            {
                throw new SecretUnavailableException($"there is no such secret; set it with: gateway secrets set {reference.Name}");
            }

            try
            {
                return snapshot.Protection.Unprotect(reference.Name, entry.Protected);
            }
            catch (CryptographicException) when (!fresh)
            {
                // The keys may have been restored or changed since they were read, without a change of the values.
                (snapshot, fresh) = (Load(), true);
            }
            catch (Exception e) when (e is CryptographicException or FormatException)
            {
                throw new SecretUnavailableException(
                    $"it was not encrypted for this name with a key in {_keys.Directory}; set it again with: gateway secrets set {reference.Name}");
            }
        }
    }

    private Snapshot Load()
    {
        var loadedAt = TimeProvider.System.GetUtcNow();
        var file = SecretFile.Load(_path);
        RequireKeys(file.Entries);
        var loaded = new Snapshot(file, new SecretProtection(_keys, mayCreateKeys: false), loadedAt);
        _snapshot = loaded;
        return loaded;
    }

    private async Task<bool> ChangeAsync(Func<SortedDictionary<string, StoredSecret>, bool> change, CancellationToken cancellationToken)
    {
        try
        {
            PrivateFile.CreateDirectory(_dataDirectory);
            await using var held = await StoreLock.TakeAsync(Path.Combine(_dataDirectory, "secrets.lock"), cancellationToken);
            var entries = SecretFile.Load(_path).Entries;
            if (!change(entries))
            {
                return false;
            }

            PrivateFile.Replace(
                _path, stream => JsonSerializer.Serialize(stream, entries, SecretFileJson.Default.SortedDictionaryStringStoredSecret));
            _snapshot = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretUnavailableException($"The secret store {_path} cannot be changed: {e.Message}");
        }
    }

    /// <summary>Without its keys a store that has values must not quietly get new keys: the old ones may only be out of reach.</summary>
    private void RequireKeys(SortedDictionary<string, StoredSecret> entries)
    {
        if (entries.Count > 0 && _keys.IsEmpty)
        {
            throw new SecretUnavailableException(
                $"the key ring {_keys.Directory} is missing: restore it from a backup, or remove {_path} and set the secrets again.");
        }

        if (_keys.FindProblem() is { } problem)
        {
            throw new SecretUnavailableException(problem);
        }
    }

    private static void RequireName(string name)
    {
        if (!SecretName.IsValid(name))
        {
            throw new ArgumentException($"The name of a secret must be {SecretName.Rule}.", nameof(name));
        }
    }

    /// <param name="File">The values.</param>
    /// <param name="Protection">The keys.</param>
    /// <param name="LoadedAt">By the clock that stamps files, not the gateway's.</param>
    private sealed record Snapshot(SecretFile File, SecretProtection Protection, DateTimeOffset LoadedAt)
    {
        public bool IsCurrent(string path) => File.Stamp.IsSettled(LoadedAt) && File.Stamp == SecretFileStamp.Of(path);
    }
}
