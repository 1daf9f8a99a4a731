using Gateway.Configuration;
using Gateway.Core.Audit.Index;
using Gateway.Core.Credentials;
using Gateway.Integrations.Postgres;
using Gateway.Integrations.Sqlite;

namespace Gateway.Hosting;

/// <summary>Makes the index of the call log that the configuration asks for.</summary>
internal sealed class CallIndexCatalog(StartupPlan plan, ISecretSource secrets, ILogger<SqliteCallIndex> logger)
{
    public ICallIndex Create()
    {
        var (options, data, log) = (plan.Options.Audit.Index, plan.Options.DataDirectory, plan.Options.Audit.Directory);
        return options is { Provider: CallIndexProvider.PostgreSql, ConnectionString: { } reference }
            ? new PostgresCallIndex(cancellationToken => ReadAsync(reference, cancellationToken), data, log)
            : new SqliteCallIndex(data, log, logger);
    }

    private async ValueTask<string> ReadAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return (await secrets.ReadAsync(reference, cancellationToken)).Reveal();
        }
        catch (SecretUnavailableException problem)
        {
            throw new CallIndexException(problem.Message);
        }
    }
}
