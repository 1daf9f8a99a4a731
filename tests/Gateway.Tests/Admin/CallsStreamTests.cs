using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.Versioning;
using System.Text.Json;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.Tasks;

namespace Gateway.Tests.Admin;

/// <summary>Calls are followed as they are made, over a connection that breaks.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CallsStreamTests : IAsyncLifetime
{
    private TaskScene _scene = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await TaskScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Stream_BrokenOffAndResumed_HasNoGapAndNothingTwice()
    {
        await CallAsync("before");
        await _scene.Log.WaitForCountAsync(1, Stop);
        var (seen, last) = (new List<string>(), "");
        for (var round = 0; round < 4; round++)
        {
            var calls = Task.CompletedTask;
            await using (var events = await OpenAsync("", last))
            {
                calls = MakeAsync(round);
                for (var i = 0; i < 7; i++)
                {
                    var item = await events.NextAsync();
                    (seen, last) = ([.. seen, Path(item)], item.EventId!);
                }
            }

            await calls; // the rest is made while nobody listens
        }

        await using (var events = await OpenAsync("", last))
        {
            while (seen.Count < 40)
            {
                seen.Add(Path(await events.NextAsync()));
            }
        }

        // Two calls may be logged in another order than they were made.
        Assert.Equal(Enumerable.Range(0, 40), seen.Select(path => int.Parse(path[1..])).Order());

        async Task MakeAsync(int round)
        {
            for (var i = 0; i < 10; i++)
            {
                await CallAsync($"{(10 * round) + i}");
            }
        }
    }

    [Fact]
    public async Task Stream_BrokenOffBeforeAnyEvent_HasSaidWhereToGoOn()
    {
        string id;
        await using (var events = await OpenAsync("reason=policy_denied", ""))
        {
            id = await events.IdAsync();
        }

        await CallAsync("denied");
        await _scene.Log.WaitForCountAsync(1, Stop);

        await using var resumed = await OpenAsync("reason=policy_denied", id);
        Assert.Equal("/denied", Path(await resumed.NextAsync()));
    }

    [Fact]
    public async Task Stream_SinceATime_BeginsThen()
    {
        await CallAsync("before");
        await _scene.Log.WaitForCountAsync(1, Stop);

        await using var events = await OpenAsync("since=1h", "");

        Assert.Equal("/before", Path(await events.NextAsync()));
    }

    [Fact]
    public async Task Stream_Filtered_HasWhatMatches()
    {
        await using var events = await OpenAsync("reason=policy_denied", "");
        await CallAsync("passes");
        await CallAsync("denied");

        Assert.Equal("/denied", Path(await events.NextAsync()));
    }

    [Theory]
    [InlineData("since=1h")]
    [InlineData("since=1h&agent=dev:worker")]
    public async Task Stream_GatewayStops_EndsAndSaysWhereToGoOn(string query)
    {
        await using var events = await OpenAsync(query, "");
        await CallAsync("only");
        var item = await events.NextAsync();

        await _scene.Gateway.DisposeAsync();

        Assert.Contains($"go on with Last-Event-ID: {item.EventId}", await events.RestAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=5", "", "'limit'")]
    [InlineData("decision=perhaps", "", "'decision'")]
    [InlineData("", "no-id", "'Last-Event-ID'")]
    public async Task Stream_BadParameter_Is400ThatNamesIt(string query, string last, string named)
    {
        using var request = await RequestAsync(query, last);
        using var response = await _scene.Gateway.Admin.SendAsync(request, Stop);

        var problem = await TaskScene.ReadAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains(named, problem.Text("detail"), StringComparison.Ordinal);
    }

    private static string Path(SseItem<string> item) => JsonSerializer.Deserialize<JsonElement>(item.Data).Text("http_request", "url", "path")!;

    private async Task CallAsync(string path)
    {
        using var response = await _scene.CallAsync($"/api/{path}");
    }

    private async Task<HttpRequestMessage> RequestAsync(string query, string last)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/calls/stream?{query}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {(await File.ReadAllTextAsync(System.IO.Path.Combine(_scene.Data, "admin-token"), Stop)).Trim()}");
        if (last.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        return request;
    }

    private async Task<EventReader> OpenAsync(string query, string last)
    {
        using var request = await RequestAsync(query, last);
        var response = await _scene.Gateway.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(response, await response.Content.ReadAsStreamAsync(Stop));
    }

    private sealed class EventReader(HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        private readonly StreamReader _reader = new(body);
        private string _id = "";

        /// <summary>The next event with data.</summary>
        public async Task<SseItem<string>> NextAsync()
        {
            while (true)
            {
                var line = await _reader.ReadLineAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop) ?? throw new InvalidOperationException("The stream ended.");
                _id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : _id;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return new SseItem<string>(line[6..]) { EventId = _id };
                }
            }
        }

        /// <summary>The first id that is said, with data or without.</summary>
        public async Task<string> IdAsync()
        {
            while (_id.Length == 0)
            {
                var line = await _reader.ReadLineAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Stop) ?? throw new InvalidOperationException("The stream ended.");
                _id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : "";
            }

            return _id;
        }

        public Task<string> RestAsync() => _reader.ReadToEndAsync(Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        public ValueTask DisposeAsync()
        {
            _reader.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
