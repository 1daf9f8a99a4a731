using Gateway.Core.Credentials;
using Gateway.Core.Tests.Credentials;
using Gateway.Integrations.OAuth2;
using Gateway.Integrations.Sqlite;
using Gateway.Integrations.Tests.OAuth2;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Integrations.Tests.Crash;

/// <summary>What a gateway has to issue, remember and revoke, on a real data directory and a real issuer.</summary>
internal sealed class LeaseParts : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HandleProtection _protection;
    private readonly TokenEndpointClient _client = new(TimeProvider.System);
    private readonly MemoryLedger _events = new();
    private Task _working = Task.CompletedTask;

    public LeaseParts(string dataDirectory, Uri issuer)
    {
        State = new StateDatabase(dataDirectory, NullLogger<StateDatabase>.Instance);
        _protection = new HandleProtection(dataDirectory);
        Accounts = new SqliteLeaseAccounts(State);
        Outbox = new SqliteRevocationOutbox(State, _protection);
        Book = new RevocationBook(Outbox, _events, TimeProvider.System, NullLogger<RevocationBook>.Instance);
        Store = new LeaseStore(TimeProvider.System, NullLogger<LeaseStore>.Instance, new LeaseStoreOptions(), Book, Accounts, _events);
        Definition = new CredentialDefinition
        {
            Name = "partner",
            Inject = [InjectionTemplate.Bearer],
            Provider = new ClientCredentialsProvider(
                "partner",
                new ClientCredentialsSettings
                {
                    TokenEndpoint = new Uri(issuer, "token"),
                    RevocationEndpoint = new Uri(issuer, "revoke"),
                    ClientId = "gw",
                    ClientSecret = new SecretReference("secret", "partner"),
                },
                new FixedSecret("secret"),
                _client,
                TimeProvider.System),
        };
    }

    public StateDatabase State { get; }

    public SqliteLeaseAccounts Accounts { get; }

    public SqliteRevocationOutbox Outbox { get; }

    public RevocationBook Book { get; }

    public LeaseStore Store { get; }

    public CredentialDefinition Definition { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        State.Open();
        await Accounts.AbandonAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
        await Store.RestoreAsync(cancellationToken);
        var worker = new RevocationWorker(
            Book, name => name == Definition.Name ? Definition.Provider : null, new RevocationOptions(), TimeProvider.System, NullLogger<RevocationWorker>.Instance);
        _working = worker.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working.WaitAsync(CancellationToken.None);
        Store.Dispose();
        await State.DisposeAsync();
        _protection.Dispose();
        _client.Dispose();
        _stop.Dispose();
    }
}
