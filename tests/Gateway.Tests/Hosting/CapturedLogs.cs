using System.Text;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting;

/// <summary>Everything that is logged at any level, exceptions and structured values included.</summary>
internal sealed class CapturedLogs : ILoggerProvider, ILogger
{
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();

    public override string ToString()
    {
        lock (_gate)
        {
            return _text.ToString();
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Append($"scope {state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Append($"{logLevel} {eventId} {formatter(state, exception)} {exception}");
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach (var (name, value) in values)
            {
                Append($"  {name}={value}");
            }
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private void Append(string line)
    {
        lock (_gate)
        {
            _text.AppendLine(line);
        }
    }
}
