using Gateway.Core.Credentials;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Vault;

/// <summary>One configured Vault: the client, the gateway's own token, and those of the tasks.</summary>
internal sealed class VaultConnection : IAsyncDisposable
{
    /// <param name="settings">Where, and as whom.</param>
    /// <param name="secrets">Reads what the gateway logs in with; not from Vault.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">For what an operator must know.</param>
    /// <exception cref="VaultException">A file that the settings name cannot be read.</exception>
    public VaultConnection(VaultSettings settings, ISecretSource secrets, TimeProvider clock, ILogger logger)
    {
        Settings = settings;
        Client = new VaultClient(settings, clock);
        var login = new VaultLogin(settings.Auth, Client, secrets, new WrappedSecretId(Client, logger), clock);
        Session = new VaultSession(settings.Auth.Method, Client, login, clock, logger);
        Tasks = new TaskTokens(settings, Session, clock, logger);
        Revoker = new VaultRevoker(Session, Tasks);
    }

    public VaultSettings Settings { get; }

    public VaultClient Client { get; }

    public VaultSession Session { get; }

    public TaskTokens Tasks { get; }

    public VaultRevoker Revoker { get; }

    /// <summary>What keeps credentials from being issued, as a sentence; null where nothing is known to.</summary>
    public string? Problem => Client.Contact?.Problem ?? Session.Problem;

    /// <summary>Revokes the gateway's own token, and with it whatever was issued.</summary>
    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        Client.Dispose();
    }
}
