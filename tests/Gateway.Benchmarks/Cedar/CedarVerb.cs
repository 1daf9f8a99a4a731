using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace Gateway.Benchmarks.Cedar;

/// <summary><c>cedar FOLDER</c>: decisions per second for growing policy sets; the reports go to the folder.</summary>
internal static class CedarVerb
{
    public static int Run(string folder)
    {
        var summary = BenchmarkRunner.Run<AuthorizeBenchmark>(DefaultConfig.Instance.WithArtifactsPath(folder));
        return summary.HasCriticalValidationErrors || summary.Reports.Any(static report => !report.Success) ? 1 : 0;
    }
}
