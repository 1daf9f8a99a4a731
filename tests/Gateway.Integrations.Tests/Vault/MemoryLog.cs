using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Vault;

/// <summary>Keeps everything that is logged, at every level.</summary>
internal sealed class MemoryLog : ILogger
{
    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs.Select(p => $"{p.Key}={p.Value}")) : "";
        Lines.Enqueue((logLevel, eventId.Id, $"{formatter(state, exception)} {values} {exception}"));
    }
}
