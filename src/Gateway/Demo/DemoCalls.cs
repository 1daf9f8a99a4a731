using System.Net.Http.Headers;
using System.Text.Json;

namespace Gateway.Demo;

/// <summary>The five calls, as an agent makes them.</summary>
internal static class DemoCalls
{
    public static IReadOnlyList<DemoCall> Create(DemoIssuer issuer, Uri gateway)
    {
        var token = issuer.IssueAgentToken(DemoSetup.Agent);
        var forged = issuer.ForgeAgentToken(DemoSetup.Agent);

        var shadow = Request(HttpMethod.Get, "notes/7");
        shadow.Headers.Add("Gateway-Identity", token);
        shadow.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "stolen-admin-key");
        return
        [
            WithToken("A read that policy permits", Request(HttpMethod.Get, "notes/7"), token, "its own identity", 200, null),
            WithToken("A write that policy permits", Request(HttpMethod.Post, "notes", JsonContent.Create(new { text = "Buy milk" })), token, "its own identity", 201, null),
            WithToken("A delete that policy forbids", Request(HttpMethod.Delete, "notes/7"), token, "its own identity", 403, "policy_denied"),
            WithToken("A forged identity", Request(HttpMethod.Get, "notes/7"), forged, "signed with a foreign key", 401, "identity_invalid"),
            new("An agent that brings a credential of its own", shadow,
                [$"Gateway-Identity: {Shorten(token)} (its own identity)", "Authorization: Bearer stolen-admin-key"], 200, null),
        ];

        HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null) =>
            new(method, new Uri(gateway, $"/notes-api/{path}")) { Content = content };
    }

    public static async Task<DemoOutcome> SendAsync(HttpClient agent, DemoCall call, DemoSetup setup, CancellationToken cancellationToken)
    {
        using var response = await agent.SendAsync(call.Request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var callId = response.Headers.TryGetValues("Gateway-Call", out var values) ? values.First() : "";
        JsonElement record = callId.Length == 0 ? default : await setup.CallLog.FindAsync(callId, cancellationToken);
        return new DemoOutcome((int)response.StatusCode, callId, body, setup.Upstream.TakeSighting(), record);
    }

    private static DemoCall WithToken(string title, HttpRequestMessage request, string token, string remark, int status, string? reason)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new DemoCall(title, request, [$"Authorization: Bearer {Shorten(token)} ({remark})"], status, reason);
    }

    private static string Shorten(string token) => token[..12] + "…";
}
