using System.Security.Cryptography;
using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;

namespace Gateway.Integrations.Sqlite;

/// <summary>Encrypts what revokes a credential, which may be the credential itself, with the secret store's key ring.</summary>
internal sealed class HandleProtection(string dataDirectory) : IDisposable
{
    /// <summary>Holds a character that no secret's name may have, so that neither can pass for the other.</summary>
    private const string NamePrefix = "revocation:";

    private readonly KeyRingRepository _keys = new(Path.Combine(Path.GetFullPath(dataDirectory), "keys"));
    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile SecretProtection? _protection;
    private volatile SecretProtection? _reading;

    /// <exception cref="LedgerUnavailableException">There is no key, and none can be made.</exception>
    public async ValueTask<string> ProtectAsync(string id, SecretValue handle, CancellationToken cancellationToken)
    {
        try
        {
            return (_protection ?? await OpenAsync(cancellationToken)).Protect(NamePrefix + id, handle);
        }
        catch (Exception exception) when (exception is SecretUnavailableException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new LedgerUnavailableException($"The key ring {_keys.Directory} cannot be used: {exception.Message}");
        }
    }

    /// <summary>Decrypts with the key ring as it was at the first call: for what processes before this one wrote.</summary>
    /// <returns>The handle, or null with the problem.</returns>
    public SecretValue? Unprotect(string id, string text, out string? problem)
    {
        try
        {
            problem = null;
            _reading ??= new SecretProtection(_keys, mayCreateKeys: false);
            return _reading.Unprotect(NamePrefix + id, text);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or IOException or UnauthorizedAccessException)
        {
            problem = $"It was not encrypted with a key in {_keys.Directory}: restore that directory from a backup, or revoke by hand.";
            return null;
        }
    }

    public void Dispose() => _opening.Dispose();

    private async Task<SecretProtection> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_protection is { } opened)
            {
                return opened;
            }

            if (_keys.FindProblem() is { } problem)
            {
                throw new SecretUnavailableException(problem);
            }

            // The first key is made under the store's own lock, and not beside secrets whose keys are out of reach.
            PrivateFile.CreateDirectory(dataDirectory);
            await using var held = await StoreLock.TakeAsync(Path.Combine(dataDirectory, "secrets.lock"), cancellationToken);
            if (_keys.IsEmpty && File.Exists(Path.Combine(dataDirectory, "secrets.json")))
            {
                throw new SecretUnavailableException("it is missing: restore it from a backup.");
            }

            var protection = new SecretProtection(_keys, mayCreateKeys: true);
            protection.Protect(NamePrefix, new SecretValue("makes the first key"));
            return _protection = protection;
        }
        finally
        {
            _opening.Release();
        }
    }
}
