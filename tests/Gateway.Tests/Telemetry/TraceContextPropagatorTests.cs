using System.Text.RegularExpressions;
using Gateway.Telemetry;

namespace Gateway.Tests.Telemetry;

public sealed class TraceContextPropagatorTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private readonly TraceContextPropagator _propagator = new();

    [Fact]
    public void Extract_StatesOnSeveralLines_AreOneList() =>
        Assert.Equal((Parent, "a=1,b=2"), Extract(("traceparent", [Parent]), ("tracestate", ["a=1", "b=2"])));

    [Fact]
    public void Extract_StateTooLongOrNotAscii_IsLeftOut()
    {
        Assert.Equal((Parent, null), Extract(("traceparent", [Parent]), ("tracestate", [$"a={new string('x', 511)}"])));
        Assert.Equal((Parent, null), Extract(("traceparent", [Parent]), ("tracestate", ["a=é"])));
        Assert.Equal((null, null), Extract(("tracestate", ["a=1"])));
        Assert.Equal((null, null), Extract(("traceparent", [Parent, Parent])));
    }

    [Fact]
    public void ExtractBaggage_Baggage_IsNone() =>
        Assert.Null(_propagator.ExtractBaggage(null, (object? _, string _, out string? value, out IEnumerable<string>? values) => (value, values) = ("a=1", null)));

    [Fact]
    public void Extract_EveryTextOneCharacterAway_IsTakenOnlyAsW3cDefinesIt()
    {
        var near = from at in Enumerable.Range(0, Parent.Length)
                   from with in "0af-G F\u00e9"
                   select $"{Parent[..at]}{with}{Parent[(at + 1)..]}";
        var cut = Enumerable.Range(0, Parent.Length + 1).Select(length => Parent[..length]);

        Assert.All([.. near, .. cut, Parent + "-1"], text => Assert.True(Extract(("traceparent", [text])).Parent is not null == IsW3c(text), text));
    }

    /// <summary>W3C Trace Context, section 3.2.2, written down independently.</summary>
    private static bool IsW3c(string text) =>
        Regex.IsMatch(text, "^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    private (string? Parent, string? State) Extract(params (string Name, string[] Values)[] headers)
    {
        var fields = headers.ToDictionary(h => h.Name, h => h.Values);
        _propagator.ExtractTraceIdAndState(
            null,
            (object? _, string name, out string? value, out IEnumerable<string>? values) =>
            {
                // As ASP.NET Core does: one value alone, or several together.
                var found = fields.GetValueOrDefault(name);
                value = found is [var single] ? single : null;
                values = found is { Length: > 1 } ? found : null;
            },
            out var parent,
            out var state);
        return (parent, state);
    }
}
