using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Gateway.Tests.EndToEnd;

/// <summary>A process of a test: all it prints is kept, no wait for it is unbounded, and it ends with the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly StringBuilder _answer = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;

    private ChildProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, line =>
            {
                _answer.AppendLine(line);
                _lines.Writer.TryWrite(line);
            }),
            ReadAsync(process.StandardError, line => _errors.AppendLine(line)))
            .ContinueWith(_ => _lines.Writer.TryComplete(), TaskScheduler.Default);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Everything printed so far, on either stream.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>What was printed on standard output; complete once <see cref="WaitForExitAsync"/> has returned.</summary>
    public string Answer
    {
        get
        {
            lock (_output)
            {
                return _answer.ToString();
            }
        }
    }

    /// <summary>What was printed on standard error; complete once <see cref="WaitForExitAsync"/> has returned.</summary>
    public string Errors
    {
        get
        {
            lock (_output)
            {
                return _errors.ToString();
            }
        }
    }

    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments, as they are.</param>
    /// <param name="environment">What is added to the environment of the tests.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="input">All that it finds on standard input.</param>
    public static ChildProcess Start(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string input = "")
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new ChildProcess(process);
    }

    /// <summary>The next line of standard output.</summary>
    /// <exception cref="TimeoutException">None came in time, or the process has ended.</exception>
    public async Task<string> ReadLineAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await _lines.Reader.ReadAsync(limit.Token);
        }
        catch (Exception exception) when (exception is ChannelClosedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TimeoutException($"No further line within {timeout}, or the process has ended. Printed so far:\n{Output}", exception);
        }
    }

    /// <summary>Waits until the process has ended by itself and everything that it printed has been read.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(timeout, cancellationToken);
            await _reading.WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"Still running after {timeout}. Printed so far:\n{Output}", exception);
        }

        return _process.ExitCode;
    }

    /// <summary>Asks the process to end as an operator would (SIGTERM), and waits.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            LibC.Terminate(_process.Id);
        }

        return WaitForExitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    /// <summary>SIGKILL: it has no say in it.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
                onLine(line);
            }
        }
    }
}
