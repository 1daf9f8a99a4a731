using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Credentials;
using Gateway.Core.Tests.Audit.Reading;
using Gateway.Integrations.Otlp;
using Gateway.Integrations.Receivers;
using Gateway.Integrations.Tests.Receivers;
using Gateway.Integrations.Tests.Vault;
using Microsoft.AspNetCore.Http;

namespace Gateway.Integrations.Tests.Otlp;

public sealed class OtlpSinkTests : IAsyncLifetime
{
    private const int HalfAnHour = 1800;

    private static readonly OtlpIdentity Identity = new([new("service.name", "gateway"), new("host.name", "gw-ü")], "1.2.3");

    private readonly TestSecrets _secrets = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-otlp-").FullName;
    private HttpReceiver _receiver = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _receiver = await HttpReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Deliver_Records_AreWhatACollectorReads(bool isJson, bool compress)
    {
        using var sink = Create(isJson, settings => settings with { Compress = compress });

        var result = await sink.DeliverAsync(Batches.Of(128, 3), Stop);

        Assert.Equal((DeliveryOutcome.Accepted, 0), (result.Outcome, result.Rejected));
        var request = Assert.Single(_receiver.Taken);
        Assert.Equal("POST /v1/logs", request.Target);
        Assert.Equal(isJson ? "application/json" : "application/x-protobuf", request.Headers["Content-Type"]);
        Assert.Equal(compress, request.Headers.ContainsKey("Content-Encoding"));
        var logs = isJson ? OtlpLogs.ReadJson(request.Body) : OtlpLogs.ReadProtobuf(request.Body);
        var expected = JsonNode.Parse(
            """
            { "resource": { "attributes": [ { "key": "service.name", "value": { "stringValue": "gateway" } }, { "key": "host.name", "value": { "stringValue": "gw-ü" } } ] } }
            """)!["resource"];
        Assert.True(JsonNode.DeepEquals(expected, logs["resourceLogs"]![0]!["resource"]));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"name":"Gateway.Audit","version":"1.2.3"}"""), logs["resourceLogs"]![0]!["scopeLogs"]![0]!["scope"]));
        var records = OtlpLogs.Records(logs);
        Assert.Equal([LogFiles.Line(128), LogFiles.Line(129), LogFiles.Line(130)], records.Select(OtlpLogs.Body));
        var record = records[1].DeepClone().AsObject();
        record.Remove("body");
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(
                    """
                    { "timeUnixNano": "1795300200129000000", "severityNumber": 9, "severityText": "Informational", "observedTimeUnixNano": "1795300200130000000",
                      "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
                      "attributes": [ { "key": "log.record.uid", "value": { "stringValue": "uid-129" } }, { "key": "ocsf.class_uid", "value": { "intValue": "6003" } },
                                      { "key": "ocsf.sequence", "value": { "intValue": "129" } } ] }
                    """),
                record),
            record.ToJsonString());
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(2, 10)]
    [InlineData(3, 13)]
    [InlineData(4, 17)]
    [InlineData(5, 18)]
    [InlineData(6, 21)]
    public void Encode_Severity_IsMapped(int ocsf, int expected)
    {
        var record = Assert.Single(OtlpLogs.Records(OtlpLogs.ReadProtobuf(new OtlpProtobuf(Identity).Encode(Batches.Of($$"""{"severity_id":{{ocsf}}}""")))));

        Assert.Equal(expected, (long)record["severityNumber"]!);
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e473")]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e473g")]
    [InlineData(" bf92f3577b34da6a3ce929d0e0e4736")]
    public void Encode_TraceOfAnotherShape_IsLeftInTheBody(string trace)
    {
        var line = $$$"""{"trace":{"uid":"{{{trace}}}"}}""";

        var record = Assert.Single(OtlpLogs.Records(OtlpLogs.ReadProtobuf(new OtlpProtobuf(Identity).Encode(Batches.Of(line)))));

        Assert.Null(record["traceId"]);
        Assert.Equal(line, OtlpLogs.Body(record));
    }

    [Fact]
    public void Encode_AnyBatch_ReadsTheSameInBothEncodings()
    {
        var protobuf = new OtlpProtobuf(Identity);
        var json = new OtlpJson(Identity);
        var lines = Gen.Choose(0, 2_000).Select(length => LogFiles.Line(length + 1, new string('x', length))).ListOf().ToArbitrary();
        Prop.ForAll(lines, all =>
        {
            var batch = new DeliveryBatch([.. all.Index().Select(line => new Core.Audit.Reading.CallLogLine(line.Index + 1, Encoding.ASCII.GetBytes(line.Item), default))], 0, all.Count);
            return all.Count == 0
                || JsonNode.DeepEquals(OtlpLogs.ReadProtobuf(protobuf.Encode(batch)), OtlpLogs.ReadJson(json.Encode(batch)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Deliver_PartialSuccess_CountsAndDoesNotRepeat()
    {
        _receiver.Answer = (_, response) => response.Body.WriteAsync(OtlpLogs.PartialSuccess(2)).AsTask();
        await using var scene = new DeliveryScene();
        scene.Files.Append(5);
        scene.Deliver(Create(isJson: false));

        await DeliveryScene.UntilAsync(() => scene.Status is { Delivered: 5, Rejected: 2 }, "the records are dealt with");
        Assert.Single(_receiver.All);
    }

    /// <summary>What a collector says about a whole request ("OTLP/HTTP Response"): retryable, or for somebody to mend.</summary>
    [Theory]
    [InlineData(400, true, "status 400")]
    [InlineData(401, true, "authenticates")]
    [InlineData(404, true, "path")]
    [InlineData(413, true, "BatchBytes")]
    [InlineData(301, true, "redirects")]
    [InlineData(308, true, "redirects")]
    [InlineData(429, false, "status 429")]
    [InlineData(502, false, "status 502")]
    [InlineData(503, false, "status 503")]
    [InlineData(504, false, "status 504")]
    public async Task Deliver_Status_IsJudged(int status, bool isRefusal, string words)
    {
        _receiver.Answer = (_, response) =>
        {
            response.StatusCode = status;
            response.Headers.Location = "/v1/logs";
            response.Headers.RetryAfter = "17";
            return response.Body.WriteAsync("canary-answer"u8.ToArray()).AsTask();
        };
        using var sink = Create(isJson: false);

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(isRefusal ? DeliveryOutcome.Refused : DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains(words, result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Problem, StringComparison.Ordinal);
        Assert.Equal(isRefusal ? null : TimeSpan.FromSeconds(17), result.RetryAfter);
        Assert.Single(_receiver.All);
    }

    [Fact]
    public async Task Deliver_RetryAfterATime_WaitsUntilThen()
    {
        _receiver.Answer = (_, response) =>
        {
            response.StatusCode = 429;
            response.Headers.RetryAfter = TimeProvider.System.GetUtcNow().AddSeconds(HalfAnHour).ToString("R");
            return Task.CompletedTask;
        };
        using var sink = Create(isJson: false);

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.InRange(result.RetryAfter!.Value.TotalSeconds, HalfAnHour - 60, HalfAnHour);
    }

    [Fact]
    public async Task Deliver_AnswerWithoutEnd_IsReadToALimit()
    {
        _receiver.Answer = (_, response) => WriteForEverAsync(response);
        using var sink = Create(isJson: false);

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal((DeliveryOutcome.Accepted, 0), (result.Outcome, result.Rejected));

        static async Task WriteForEverAsync(HttpResponse response)
        {
            while (!response.HttpContext.RequestAborted.IsCancellationRequested)
            {
                await response.Body.WriteAsync(new byte[64 * 1024]);
            }
        }
    }

    [Fact]
    public async Task Deliver_Tls_TrustsTheConfiguredAuthorityAlone()
    {
        var certificate = new ReceiverCertificate(_folder, "receiver");
        var stranger = new ReceiverCertificate(_folder, "stranger");
        var misnamed = new ReceiverCertificate(_folder, "misnamed", host: null);
        await using var receiver = await HttpReceiver.StartAsync(certificate: certificate.Server);
        await using var other = await HttpReceiver.StartAsync(certificate: misnamed.Server);
        async Task<string?> ProblemAsync(Uri url, string caFile)
        {
            using var sink = Create(isJson: false, _ => new ReceiverSettings(url, new ReceiverTls(caFile)));
            return (await sink.DeliverAsync(Batches.Of(1, 1), Stop)).Problem;
        }

        const string notAccepted = "The receiver's TLS certificate was not accepted, or TLS failed.";
        Assert.Null(await ProblemAsync(receiver.Url, certificate.CertificateFile));
        Assert.Equal(notAccepted, await ProblemAsync(receiver.Url, stranger.CertificateFile));
        Assert.Equal(notAccepted, await ProblemAsync(other.Url, misnamed.CertificateFile));
        Assert.Equal(notAccepted, await ProblemAsync(new UriBuilder(_receiver.Url) { Scheme = "https" }.Uri, certificate.CertificateFile));
        Assert.Empty(other.All);
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task Delivery_ReceiverEchoesTheSecret_ItIsNeverLogged()
    {
        _secrets.Values["key"] = "canary-key";
        _receiver.Answer = (request, response) =>
        {
            response.StatusCode = 401;
            response.Headers.WWWAuthenticate = request.Headers["X-Api-Key"];
            return response.Body.WriteAsync(Encoding.ASCII.GetBytes(request.Headers["X-Api-Key"])).AsTask();
        };
        var log = new MemoryLog();
        await using var scene = new DeliveryScene();
        scene.Files.Append(1);
        scene.Deliver(Create(isJson: false, settings => settings with { Headers = [new("X-Api-Key", null, new SecretReference("secret", "key"))] }), log);

        await DeliveryScene.UntilAsync(() => scene.Status.Problem is not null, "the refusal is noted");
        Assert.Contains(log.Lines, line => line.Text.Contains("authenticates", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("canary", StringComparison.Ordinal));
        Assert.Equal("canary-key", _receiver.All.First().Headers["X-Api-Key"]);
    }

    [Fact]
    public void ReadRejected_Answers_AreReadOrNot()
    {
        var json = new OtlpJson(Identity);
        Assert.Equal(7, json.ReadRejected("""{"partialSuccess":{"rejectedLogRecords":"7","errorMessage":"no"}}"""u8));
        Assert.Equal(7, json.ReadRejected("""{"partialSuccess":{"rejectedLogRecords":7}}"""u8));
        Assert.Equal(0, json.ReadRejected("{}"u8));
        Assert.Equal(0, json.ReadRejected("no json"u8));
        Assert.Equal(0, json.ReadRejected("[]"u8));
        var protobuf = new OtlpProtobuf(Identity);
        Assert.Equal(7, protobuf.ReadRejected(OtlpLogs.PartialSuccess(7)));
        Assert.Equal(0, protobuf.ReadRejected([]));
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), answer => protobuf.ReadRejected(answer) is var _).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Deliver_HeadersOfTheEnvironment_AreSentDecoded()
    {
        _secrets.Values["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=canary%20key, X-Tenant = a=b ,";
        using var sink = Create(isJson: false, settings => settings with { HeaderList = new SecretReference("env", "OTEL_EXPORTER_OTLP_HEADERS") });

        await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        var headers = Assert.Single(_receiver.Taken).Headers;
        Assert.Equal(("canary key", "a=b"), (headers["api-key"], headers["X-Tenant"]));
    }

    [Theory]
    [InlineData("no-equals-sign")]
    [InlineData("a=b%0D%0AX: y")]
    [InlineData("Host=elsewhere")]
    [InlineData("=b")]
    public async Task Deliver_HeadersThatCannotBeSent_SendNothing(string list)
    {
        _secrets.Values["list"] = list;
        using var sink = Create(isJson: false, settings => settings with { HeaderList = new SecretReference("env", "list") });

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.DoesNotContain(list, result.Problem, StringComparison.Ordinal);
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task Delivery_CollectorDownUnderLoad_GetsEverythingAfterwardsInOrder()
    {
        await using var scene = new DeliveryScene();
        var port = _receiver.Url.Port;
        scene.Deliver(Create(isJson: false));
        await scene.AppendWhileAsync(DeliveryScene.UntilAsync(() => _receiver.Taken.Count > 3, "records come"));
        await _receiver.DisposeAsync();
        var before = _receiver.Taken.ToList();
        await scene.AppendWhileAsync(Task.Delay(2000, Stop));
        Assert.NotNull(scene.Status.Problem);
        _receiver = await HttpReceiver.StartAsync(port);
        await scene.AppendWhileAsync(Task.Delay(300, Stop));
        var last = (int)scene.Files.Next - 1;

        await DeliveryScene.UntilAsync(() => scene.Status.Delivered == last, "all is delivered");
        var bodies = before.Concat(_receiver.Taken).SelectMany(request => OtlpLogs.Records(OtlpLogs.ReadProtobuf(request.Body))).Select(OtlpLogs.Body).ToList();
        Assert.Equal(Enumerable.Range(1, last).Select(n => LogFiles.Line(n)), bodies.Distinct());
    }

    private OtlpSink Create(bool isJson, Func<ReceiverSettings, ReceiverSettings>? change = null)
    {
        var settings = new ReceiverSettings(new Uri(_receiver.Url, "/v1/logs"), new ReceiverTls());
        return new OtlpSink(new ReceiverClient(change?.Invoke(settings) ?? settings, _secrets, TimeProvider.System), isJson ? new OtlpJson(Identity) : new OtlpProtobuf(Identity));
    }
}
