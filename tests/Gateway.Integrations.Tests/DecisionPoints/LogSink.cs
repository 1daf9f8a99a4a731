using System.Collections.Concurrent;
using Gateway.Integrations.DecisionPoints;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.DecisionPoints;

internal sealed class LogSink : ILogger<DecisionPoint>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");
}
