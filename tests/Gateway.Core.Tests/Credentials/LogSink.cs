using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Tests.Credentials;

/// <summary>Keeps everything that is logged, at every level, exceptions included.</summary>
internal sealed class LogSink<T> : ILogger<T>
{
    public ConcurrentQueue<(EventId Id, string Text)> Entries { get; } = new();

    public string All => string.Join('\n', Entries.Select(e => e.Text));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((eventId, $"{formatter(state, exception)} {state} {exception}"));
}
