using Gateway.Core.Credentials;
using Gateway.Integrations.Secrets;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>The configured Vault, kept with its tokens across reloads that do not touch it; reads <c>vault:</c> references.</summary>
internal sealed class VaultCatalog(EncryptedSecretStore store, TimeProvider clock, ILoggerFactory loggers) : ISecretSource, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<VaultCatalog>();
    private readonly Lock _applying = new();
    private readonly List<Task> _ending = [];
    private volatile VaultConnection? _current;
    private string? _fingerprint;

    /// <summary>Null where none is configured.</summary>
    public VaultConnection? Current => _current;

    /// <summary>Connects as configured; what was configured otherwise before is ended, with everything that it issued.</summary>
    /// <param name="settings">Null means no Vault.</param>
    /// <param name="fingerprint">The same as long as the settings say the same.</param>
    /// <exception cref="VaultException">A file that the settings name cannot be read. What was before goes on.</exception>
    public void Apply(VaultSettings? settings, string fingerprint)
    {
        lock (_applying)
        {
            if (_fingerprint == fingerprint)
            {
                return;
            }

            // What Vault is logged in to with cannot come out of Vault, hence a reader of its own.
            var next = settings is null ? null : new VaultConnection(settings, SecretSources.Create(store), clock, _logger);
            next?.Session.Start();
            if (_current is { } former)
            {
                _ending.RemoveAll(e => e.IsCompleted);
                _ending.Add(former.DisposeAsync().AsTask());
            }

            (_current, _fingerprint) = (next, fingerprint);
        }
    }

    public ValueTask<SecretValue> ReadAsync(SecretReference reference, CancellationToken cancellationToken) => _current is { } vault
        ? VaultSecretReader.ReadAsync(vault.Session, reference, cancellationToken)
        : throw new SecretUnavailableException($"{reference}: no Vault is configured; write Gateway:Vault.");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_current is { } last)
        {
            await last.DisposeAsync();
        }
    }
}
