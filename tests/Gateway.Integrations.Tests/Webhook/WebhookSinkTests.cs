using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Credentials;
using Gateway.Core.Tests.Audit.Reading;
using Gateway.Integrations.Receivers;
using Gateway.Integrations.Tests.Receivers;
using Gateway.Integrations.Tests.Vault;
using Gateway.Integrations.Webhook;

namespace Gateway.Integrations.Tests.Webhook;

public sealed class WebhookSinkTests : IAsyncLifetime
{
    private readonly TestSecrets _secrets = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-webhook-").FullName;
    private HttpReceiver _receiver = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await HttpReceiver.StartAsync();
        _secrets.Values["hec"] = "canary-token";
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Deliver_Ndjson_PostsTheLinesAsTheyAre()
    {
        using var sink = Create(WebhookFormat.Ndjson);

        var result = await sink.DeliverAsync(Batches.Of(5, 3), Stop);

        Assert.Equal((DeliveryOutcome.Accepted, null), (result.Outcome, result.Confirmed));
        var request = Assert.Single(_receiver.Taken);
        Assert.Equal("POST /in?x=1", request.Target);
        Assert.Equal("application/x-ndjson", request.Headers["Content-Type"]);
        Assert.Equal($"{LogFiles.Line(5)}\n{LogFiles.Line(6)}\n{LogFiles.Line(7)}\n", request.Text);
        Assert.DoesNotContain("Authorization", request.Headers);
        Assert.DoesNotContain("traceparent", request.Headers);
    }

    [Fact]
    public async Task Deliver_JsonArray_PostsOneArray()
    {
        using var sink = Create(WebhookFormat.JsonArray);

        await sink.DeliverAsync(Batches.Of(1, 2), Stop);

        var request = Assert.Single(_receiver.Taken);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal($"[{LogFiles.Line(1)},{LogFiles.Line(2)}]", request.Text);
        Assert.Equal(2, JsonSerializer.Deserialize<JsonElement>(request.Body).GetArrayLength());
    }

    [Fact]
    public async Task Deliver_SplunkHec_WrapsEachEvent()
    {
        using var sink = Create(WebhookFormat.SplunkHec, settings => settings with { Headers = [new("Authorization", "Splunk", new SecretReference("secret", "hec"))], Compress = true });

        await sink.DeliverAsync(Batches.Of(1, 2), Stop);

        var request = Assert.Single(_receiver.Taken);
        Assert.Equal(("Splunk canary-token", "gzip"), (request.Headers["Authorization"], request.Headers["Content-Encoding"]));
        var events = Regex.Matches(request.Text, "{\"time\".*?} }}", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => JsonSerializer.Deserialize<JsonElement>(match.Value)).ToList();
        Assert.Equal(2, events.Count);
        Assert.Equal(["1795300200.001", "1795300200.002"], events.Select(e => e.GetProperty("time").GetRawText()));
        Assert.Equal(("gw \"1\"", "gateway", "_json"), (events[0].GetProperty("host").GetString(), events[0].GetProperty("source").GetString(), events[0].GetProperty("sourcetype").GetString()));
        Assert.Equal(LogFiles.Line(2), events[1].GetProperty("event").GetRawText());
    }

    [Fact]
    public async Task Deliver_SameBatchAgain_HasTheSameIdempotencyKey()
    {
        using var sink = Create(WebhookFormat.Ndjson);

        await sink.DeliverAsync(Batches.Of(5, 3), Stop);
        await sink.DeliverAsync(Batches.Of(5, 3), Stop);
        await sink.DeliverAsync(Batches.Of(8, 3), Stop);

        var keys = _receiver.Taken.Select(request => request.Headers["Idempotency-Key"]).ToList();
        Assert.Matches("^\"5-7-[0-9a-f]{16}\"$", keys[0]);
        Assert.Equal(keys[0], keys[1]);
        Assert.StartsWith("\"8-10-", keys[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, true, "status 400")]
    [InlineData(401, true, "authenticates")]
    [InlineData(403, true, "authenticates")]
    [InlineData(404, true, "path")]
    [InlineData(408, false, "status 408")]
    [InlineData(413, true, "BatchBytes")]
    [InlineData(425, false, "status 425")]
    [InlineData(429, false, "status 429")]
    [InlineData(307, true, "redirects")]
    [InlineData(500, false, "status 500")]
    [InlineData(503, false, "status 503")]
    public async Task Deliver_Status_IsJudged(int status, bool isRefusal, string words)
    {
        _receiver.Answer = (_, response) =>
        {
            response.StatusCode = status;
            response.Headers.Location = "/elsewhere";
            response.Headers.RetryAfter = "17";
            return response.Body.WriteAsync("canary-answer"u8.ToArray()).AsTask();
        };
        using var sink = Create(WebhookFormat.Ndjson);

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(isRefusal ? DeliveryOutcome.Refused : DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains(words, result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Problem, StringComparison.Ordinal);
        Assert.Equal(isRefusal ? null : TimeSpan.FromSeconds(17), result.RetryAfter);
        Assert.Single(_receiver.All);
    }

    [Fact]
    public async Task Deliver_SecretMissing_SendsNothing()
    {
        using var sink = Create(WebhookFormat.Ndjson, settings => settings with { Headers = [new("Authorization", "Bearer", new SecretReference("secret", "none"))] });

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains("cannot be read", result.Problem, StringComparison.Ordinal);
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task Deliver_ReceiverSilent_EndsInTime()
    {
        _receiver.Answer = (_, response) => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted);
        using var sink = Create(WebhookFormat.Ndjson, settings => settings with { Timeout = TimeSpan.FromMilliseconds(300) });

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal("The receiver did not answer within 0.3 s.", result.Problem);
    }

    [Fact]
    public async Task Deliver_Tls_TrustsTheConfiguredAuthorityAlone()
    {
        var certificate = new ReceiverCertificate(_folder, "receiver");
        var stranger = new ReceiverCertificate(_folder, "stranger");
        var misnamed = new ReceiverCertificate(_folder, "misnamed", host: null);
        await using var receiver = await HttpReceiver.StartAsync(certificate: certificate.Server);
        await using var other = await HttpReceiver.StartAsync(certificate: misnamed.Server);
        async Task<string?> ProblemAsync(Uri url, ReceiverTls tls)
        {
            using var sink = new WebhookSink(new ReceiverClient(new ReceiverSettings(url, tls), _secrets, TimeProvider.System), WebhookFormat.Ndjson, "gw");
            return (await sink.DeliverAsync(Batches.Of(1, 1), Stop)).Problem;
        }

        Assert.Null(await ProblemAsync(receiver.Url, new ReceiverTls(certificate.CertificateFile)));
        const string notAccepted = "The receiver's TLS certificate was not accepted, or TLS failed.";
        Assert.Equal(notAccepted, await ProblemAsync(receiver.Url, new ReceiverTls(stranger.CertificateFile)));
        Assert.Equal(notAccepted, await ProblemAsync(receiver.Url, new ReceiverTls()));
        Assert.Equal(notAccepted, await ProblemAsync(other.Url, new ReceiverTls(misnamed.CertificateFile)));
        Assert.Equal("The file of certificate authorities for the receiver cannot be read as PEM.", await ProblemAsync(receiver.Url, new ReceiverTls(Path.Combine(_folder, "none.pem"))));
    }

    [Fact]
    public async Task Delivery_ReceiverDownUnderLoad_GetsEverythingAfterwardsInOrder()
    {
        await using var scene = new DeliveryScene();
        var port = _receiver.Url.Port;
        scene.Deliver(Create(WebhookFormat.Ndjson));
        await scene.AppendWhileAsync(DeliveryScene.UntilAsync(() => _receiver.Taken.Count > 3, "records come"));
        await _receiver.DisposeAsync();
        await scene.AppendWhileAsync(DeliveryScene.UntilAsync(() => scene.Status.Problem is not null, "the outage is noticed"));
        var before = _receiver.Taken.ToList();
        _receiver = await HttpReceiver.StartAsync(port);
        _receiver.Answer = (request, response) =>
        {
            // Now and then it is busy, and what it says then does not count.
            response.StatusCode = Random.Shared.Next(4) == 0 ? 503 : 200;
            return Task.CompletedTask;
        };
        await scene.AppendWhileAsync(Task.Delay(500, Stop));
        var last = scene.Files.Next - 1;

        await DeliveryScene.UntilAsync(() => scene.Status.Delivered == last, "all is delivered");
        var sequences = before.Concat(_receiver.Taken).SelectMany(request => request.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(SequenceOf);
        Assert.Equal(Enumerable.Range(1, (int)last).Select(n => (long)n), sequences.Distinct());
    }

    [Fact]
    public async Task Delivery_AnswerLost_RepeatsTheBatchWithItsKey()
    {
        await using var scene = new DeliveryScene();
        var answers = 0;
        _receiver.Answer = (_, response) =>
        {
            if (Interlocked.Increment(ref answers) == 1)
            {
                response.HttpContext.Abort();
            }

            return Task.CompletedTask;
        };
        scene.Files.Append(5);
        scene.Deliver(Create(WebhookFormat.Ndjson));

        await DeliveryScene.UntilAsync(() => scene.Status.Delivered == 5, "all is delivered");
        Assert.Equal(2, _receiver.All.Count);
        Assert.Single(_receiver.All.Select(request => request.Headers["Idempotency-Key"]).Distinct());
    }

    private static long SequenceOf(string line) => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("metadata").GetProperty("sequence").GetInt64();

    private WebhookSink Create(WebhookFormat format, Func<ReceiverSettings, ReceiverSettings>? change = null)
    {
        var settings = new ReceiverSettings(new Uri(_receiver.Url, "/in?x=1"), new ReceiverTls());
        return new WebhookSink(new ReceiverClient(change?.Invoke(settings) ?? settings, _secrets, TimeProvider.System), format, "gw \"1\"");
    }
}
