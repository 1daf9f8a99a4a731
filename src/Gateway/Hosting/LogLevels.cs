namespace Gateway.Hosting;

/// <summary>The <c>Logging</c> section, which ASP.NET Core reads by itself; in force anew with the rest of the configuration.</summary>
internal sealed class LogLevels(ConfigurationOrigin origin)
{
    private readonly IConfigurationRoot _settings = origin.ReadHostSettings();

    public IConfiguration Section => _settings.GetSection("Logging");

    public void Reload() => _settings.Reload();
}
