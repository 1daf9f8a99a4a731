using System.Diagnostics;
using Gateway.Telemetry;

namespace Gateway.Tests.Telemetry;

public sealed class OutgoingTraceTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(true, Parent, Parent)]
    [InlineData(false, Parent, null)]
    [InlineData(true, "secret words", null)]
    [InlineData(true, null, null)]
    public void Apply_NoSpans_TheAgentsPassesAsItCame(bool propagate, string? sent, string? forwarded)
    {
        using var request = Request(sent);

        OutgoingTrace.Apply(request, propagate, span: null);

        Assert.Equal(forwarded, Value(request, "traceparent"));
        Assert.Equal(forwarded is null ? null : "vendor=x", Value(request, "tracestate"));
    }

    [Fact]
    public void Apply_TwoParents_NeitherPasses()
    {
        using var request = Request(Parent);
        request.Headers.TryAddWithoutValidation("traceparent", Parent);

        OutgoingTrace.Apply(request, propagate: true, span: null);

        Assert.Null(Value(request, "traceparent"));
    }

    [Fact]
    public void Apply_Span_TakesThePlaceOfTheAgents()
    {
        using var request = Request(Parent);
        using var span = new Activity("forward").SetIdFormat(ActivityIdFormat.W3C).Start();

        OutgoingTrace.Apply(request, propagate: true, span);

        Assert.Equal(span.Id, Value(request, "traceparent"));
        Assert.Null(Value(request, "tracestate"));
    }

    private static HttpRequestMessage Request(string? parent)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "https://upstream.example");
        request.Headers.TryAddWithoutValidation("tracestate", "vendor=x");
        if (parent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", parent);
        }

        return request;
    }

    private static string? Value(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;
}
