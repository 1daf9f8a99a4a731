using System.Net;
using Gateway.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Identity;

/// <summary>RFC 9449, sections 8 and 9.</summary>
public sealed class DpopNonceTests
{
    [Fact]
    public async Task Call_NonceRequired_IsToldOneAndServedWithIt()
    {
        await using var scene = new ProofScene { NonceRequired = true };
        await scene.InitializeAsync();
        using var agent = new ProvingAgent();
        using var http = scene.CreateClient();
        var stop = TestContext.Current.CancellationToken;
        var target = new Uri(scene.First, "/tool/items/1");
        var token = agent.BoundToken(scene.Issuer);

        // An upstream that speaks DPoP itself must not feed its nonces to our clients.
        scene.Upstream.Answer = (_, context) =>
        {
            context.Response.Headers["DPoP-Nonce"] = "the upstream's";
            return context.Response.WriteAsync("ok", context.RequestAborted);
        };

        using var first = await http.SendAsync(agent.Request(target, token), stop);
        Assert.Contains("nonce", await scene.AssertRefusedAsync(first, ProofScene.DpopChallenge("use_dpop_nonce")), StringComparison.Ordinal);
        var nonce = Assert.Single(first.Headers.GetValues("DPoP-Nonce"));

        using var second = await http.SendAsync(agent.Request(target, token, agent.Proof("GET", target, token, claims => claims["nonce"] = nonce)), stop);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.NotEqual("the upstream's", Assert.Single(second.Headers.GetValues("DPoP-Nonce")));
        scene.Upstream.Clear();

        using var third = await http.SendAsync(agent.Request(target, token, agent.Proof("GET", target, token, claims => claims["nonce"] = "made-up")), stop);
        Assert.Contains("nonce", await scene.AssertRefusedAsync(third, ProofScene.DpopChallenge("use_dpop_nonce")), StringComparison.Ordinal);
        Assert.Single(third.Headers.GetValues("DPoP-Nonce"));

        // Clients without a bound token have no use for it.
        using var unbound = new HttpRequestMessage(HttpMethod.Get, new Uri(scene.First, "/open/x"));
        unbound.Headers.TryAddWithoutValidation("Gateway-Identity", scene.Issuer.Token());
        using var fourth = await http.SendAsync(unbound, stop);
        Assert.False(fourth.Headers.Contains("DPoP-Nonce"));
    }
}
