using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

/// <summary>Runs alone, because other tests load configurations and start processes that would see the variable.</summary>
[CollectionDefinition(nameof(ProcessEnvironmentTests), DisableParallelization = true)]
[Collection(nameof(ProcessEnvironmentTests))]
public sealed class ProcessEnvironmentTests
{
    [Fact]
    public void Load_VariableOfTheProcess_IsTaken()
    {
        using var folder = new ConfigurationFolder();
        folder.Write("gateway.json", ConfigurationFolder.Minimal);
        Environment.SetEnvironmentVariable("Gateway__Tools__github__Path", "/from-environment");
        try
        {
            var result = ConfigurationLoader.Load(folder.Absolute("gateway.json"), []);

            Assert.Equal("/from-environment", result.Options?.Tools["github"].Path);
        }
        finally
        {
            Environment.SetEnvironmentVariable("Gateway__Tools__github__Path", null);
        }
    }
}
