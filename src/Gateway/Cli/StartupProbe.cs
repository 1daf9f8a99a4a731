using Gateway.Admin;
using Gateway.Configuration;
using Gateway.Hosting;
using Gateway.Tasks;

namespace Gateway.Cli;

/// <summary>Finds out before the start what would end it: all of it at once, where the start itself would end with the first.</summary>
internal static class StartupProbe
{
    public static async Task<IReadOnlyList<ConfigurationError>> FindProblemsAsync(IServiceProvider services, GatewayOptions options, CancellationToken cancellationToken)
    {
        var problems = ListenerProbe.FindProblems(options.Listeners).ToList();
        if (DirectoryProbe.FindProblem(options.DataDirectory) is { } problem)
        {
            problems.Add(new ConfigurationError("Gateway:DataDirectory", problem));
            return problems;
        }

        // Only what there is already: a gateway that does not start makes neither key nor token.
        if (options.Audit.SigningKey is not null)
        {
            await TryAsync(services.GetRequiredService<AuditKeyService>(), problems, cancellationToken);
        }

        if (File.Exists(Path.Combine(options.DataDirectory, AdminToken.FileName)))
        {
            await TryAsync(services.GetRequiredService<AdminToken>(), problems, cancellationToken);
        }

        return problems;
    }

    private static async Task TryAsync(IHostedService service, List<ConfigurationError> problems, CancellationToken cancellationToken)
    {
        try
        {
            await service.StartAsync(cancellationToken);
        }
        catch (StartupException exception)
        {
            problems.Add(new ConfigurationError(exception.Key, exception.Message));
        }
    }
}
