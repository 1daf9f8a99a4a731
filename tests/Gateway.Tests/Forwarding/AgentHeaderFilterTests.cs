using Gateway.Core.Credentials;
using Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Forwarding;

public sealed class AgentHeaderFilterTests
{
    private static readonly InjectionTemplate[] Injections = [new("X-Vendor-Key", "{value}"), new("Cookie", "session={value}")];

    [Theory]
    [InlineData("Authorization")]
    [InlineData("Proxy-Authorization")]
    [InlineData("X-Api-Key")]
    [InlineData("x_api_key")]
    [InlineData("X_Vendor-Key")]
    [InlineData("x-vendor-key")]
    [InlineData("Cookie")]
    [InlineData("Gateway-Identity")]
    [InlineData("gateway-task")]
    [InlineData("Gateway_Intent")]
    [InlineData("Gateway-Anything")]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Real-IP")]
    [InlineData("baggage")]
    [InlineData("DPoP")]
    [InlineData("Accept-Encoding")]
    public void Apply_HeaderThatIdentifiesOrShadows_IsRemoved(string name)
    {
        var headers = new HeaderDictionary { [name] = "x", ["Accept"] = "application/json" };

        AgentHeaderFilter.Apply(headers, Injections);

        Assert.Equal(["Accept"], headers.Keys);
    }

    [Theory]
    [InlineData("Accept")]
    [InlineData("Content-Type")]
    [InlineData("anthropic-version")]
    [InlineData("OpenAI-Organization")]
    [InlineData("traceparent")]
    [InlineData("X-Request_Id")]
    public void Apply_OtherHeader_Stays(string name)
    {
        var headers = new HeaderDictionary { [name] = "x" };

        AgentHeaderFilter.Apply(headers, Injections);

        Assert.Equal("x", headers[name]);
    }

    [Theory]
    [InlineData("X-Custom")]
    [InlineData("close, X-Custom")]
    [InlineData("keep-alive , x-custom,")]
    public void Apply_HeaderNamedInConnection_IsRemoved(string connection)
    {
        var headers = new HeaderDictionary { ["Connection"] = connection, ["X-Custom"] = "x", ["Host"] = "h", ["Content-Length"] = "3" };

        AgentHeaderFilter.Apply(headers, Injections);

        Assert.DoesNotContain("X-Custom", headers.Keys);
    }

    [Fact]
    public void Apply_FramingNamedInConnection_Stays()
    {
        var headers = new HeaderDictionary { ["Connection"] = "Content-Length, Host, Transfer-Encoding", ["Host"] = "h", ["Content-Length"] = "3", ["Transfer-Encoding"] = "chunked" };

        AgentHeaderFilter.Apply(headers, Injections);

        Assert.Equal(4, headers.Count);
    }
}
