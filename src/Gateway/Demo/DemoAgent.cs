using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Pipeline;

namespace Gateway.Demo;

/// <summary>The demo's agent, which holds a workload token and nothing else: it starts a task, makes its calls in it, and ends it.</summary>
internal sealed class DemoAgent : IDisposable
{
    private static readonly object TaskAsked = new { purpose = "Keep the notes up to date", lifetime = "5m", tools = new[] { "notes" } };

    // Everything is on the loopback interface, whatever proxy this user's environment names.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly DemoSetup _setup;
    private readonly string _token;

    private DemoAgent(DemoSetup setup)
    {
        _setup = setup;
        _token = setup.Issuer.IssueAgentToken(DemoSetup.Agent);
        _http.BaseAddress = setup.Url;
    }

    /// <summary>The task's id.</summary>
    public string Task { get; private set; } = "";

    public static async Task<DemoAgent> StartTaskAsync(DemoSetup setup, CancellationToken cancellationToken)
    {
        var agent = new DemoAgent(setup);
        var task = await agent.AskAsync("/.gateway/tasks", TaskAsked, cancellationToken);
        agent.Task = (string?)task["id"] ?? "";
        return agent;
    }

    /// <returns>The gateway's receipt.</returns>
    public Task<JsonObject> EndTaskAsync(CancellationToken cancellationToken) =>
        AskAsync($"/.gateway/tasks/{Task}/end", new { reason = "completed" }, cancellationToken);

    public async Task<DemoOutcome> SendAsync(DemoCall call, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path) { Content = call.Body is null ? null : JsonContent.Create(call.Body) };
        var token = call.IsForged ? _setup.Issuer.ForgeAgentToken(DemoSetup.Agent) : _token;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add(GatewayHeaders.Task, Task);
        using var response = await _http.SendAsync(request, cancellationToken);
        var callId = response.Headers.TryGetValues(GatewayHeaders.Call, out var values) ? values.First() : "";
        return new DemoOutcome
        {
            Sent = [$"Authorization: Bearer {token[..12]}… ({(call.IsForged ? "signed with a foreign key" : "its own identity")})", $"{GatewayHeaders.Task}: {Task}"],
            Status = (int)response.StatusCode,
            CallId = callId,
            Body = await response.Content.ReadAsStringAsync(cancellationToken),
            Sighting = _setup.Upstream.TakeSighting(),
            Record = callId.Length == 0 ? default : await _setup.CallLog.FindAsync(callId, cancellationToken),
        };
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> AskAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken) ?? throw new JsonException($"{path} answered null.");
    }
}
