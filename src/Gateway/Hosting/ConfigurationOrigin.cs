using Gateway.Configuration;

namespace Gateway.Hosting;

/// <summary>Where a configuration was read, so that it can be read again.</summary>
/// <param name="File">Absolute path.</param>
/// <param name="Arguments">Command-line arguments that override it: <c>--Gateway:Policy:Directory=x</c>.</param>
internal sealed record ConfigurationOrigin(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>Whether environment variables override it as well.</summary>
    public bool ReadsEnvironment { get; init; } = true;

    public ConfigurationResult Load(bool thorough) => ReadsEnvironment
        ? ConfigurationLoader.Load(File, Arguments, thorough)
        : ConfigurationLoader.Load(File, new Dictionary<string, string>(StringComparer.Ordinal), Arguments, thorough, TimeProvider.System);

    /// <summary>The sections that are ASP.NET Core's own, such as Logging.</summary>
    public IConfigurationRoot ReadHostSettings() => new ConfigurationBuilder()
        .AddJsonFile(File, optional: false, reloadOnChange: false)
        .AddEnvironmentVariables()
        .AddCommandLine([.. Arguments])
        .Build();
}
