using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.Tests.Telemetry;

/// <summary>The spans of the gateway and of ASP.NET Core that end while this is there, of whatever gateway in this process.</summary>
internal sealed class CapturedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public CapturedSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Gateway" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Waits for the server's span of a call; it ends after the answer is sent.</summary>
    public async Task<Activity> ServerAsync(string call)
    {
        Activity? Find() => _spans.SingleOrDefault(span => Equals(span.GetTagItem("gateway.call.id"), call));
        await EndToEnd.Eventually.TrueAsync(() => Task.FromResult(Find() is not null), () => $"There is no span of the call {call}.", TestContext.Current.CancellationToken);
        return Find()!;
    }

    /// <summary>The spans below another, in the order in which they ended.</summary>
    public IReadOnlyList<Activity> Below(Activity parent) => [.. _spans.Where(span => span.ParentSpanId == parent.SpanId && span.Source.Name == "Gateway")];

    public void Dispose() => _listener.Dispose();
}
