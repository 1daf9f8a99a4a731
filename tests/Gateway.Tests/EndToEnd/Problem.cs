using System.Net;
using System.Text.Json;

namespace Gateway.Tests.EndToEnd;

/// <summary>Checks of a refusal's form, the same for every reason.</summary>
internal static class Problem
{
    /// <returns>The body.</returns>
    public static async Task<JsonElement> AssertAsync(HttpResponseMessage response, HttpStatusCode status, string reason, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.StatusCode == status, $"Expected {(int)status} {reason}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var body = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(reason, body.Text("reason"));
        Assert.Equal($"urn:gateway:problem:{reason}", body.Text("type"));
        Assert.Equal((int)status, body.GetProperty("status").GetInt32());
        Assert.Equal(response.CallId(), body.Text("call"));
        return body;
    }

    public static string CallId(this HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("Gateway-Call"));
}
