using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace Gateway.Benchmarks.Identity;

/// <summary><c>dpop FOLDER</c>: what a proof of possession costs; the reports go to the folder.</summary>
internal static class DpopVerb
{
    public static int Run(string folder)
    {
        var summary = BenchmarkRunner.Run<DpopBenchmark>(DefaultConfig.Instance.WithArtifactsPath(folder));
        return summary.HasCriticalValidationErrors || summary.Reports.Any(static report => !report.Success) ? 1 : 0;
    }
}
