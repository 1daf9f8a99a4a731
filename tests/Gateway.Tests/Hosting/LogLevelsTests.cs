using Gateway.Hosting;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting;

public sealed class LogLevelsTests
{
    [Fact]
    public void Reload_ChangedLevel_CountsForLoggersThereAre()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("gateway.json", """{ "Logging": { "LogLevel": { "Gateway": "Warning" } } }""");
        var levels = new LogLevels(new ConfigurationOrigin(file, []));
        using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new CapturedLogs()).AddConfiguration(levels.Section))
            .BuildServiceProvider();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Gateway.Test");
        Assert.False(logger.IsEnabled(LogLevel.Information));

        folder.Write("gateway.json", """{ "Logging": { "LogLevel": { "Gateway": "Debug" } } }""");
        levels.Reload();

        Assert.True(logger.IsEnabled(LogLevel.Information));
    }
}
