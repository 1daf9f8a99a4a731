using System.Diagnostics;

namespace Gateway.Integrations.Tests.Crash;

/// <summary>This assembly, started again to be killed.</summary>
internal sealed class HarnessProcess : IDisposable
{
    private readonly Process _process;

    private HarnessProcess(Process process) => _process = process;

    /// <summary>What the process says, line by line.</summary>
    public StreamReader Output => _process.StandardOutput;

    public static HarnessProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(HarnessProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new HarnessProcess(Process.Start(start)!);
    }

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        Assert.True(line == LeaseHarness.Ready, line ?? await _process.StandardError.ReadToEndAsync(cancellationToken));
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
