using System.Text.Json.Nodes;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Credentials;
using Gateway.Core.Tests.Audit.Reading;
using Gateway.Integrations.Otlp;
using Gateway.Integrations.Receivers;
using Gateway.Integrations.Tests.Receivers;
using Gateway.Integrations.Tests.Vault;

namespace Gateway.Integrations.Tests.Otlp;

public sealed class OtlpGrpcSinkTests : IAsyncLifetime
{
    private static readonly OtlpIdentity Identity = new([new("service.name", "gateway"), new("host.name", "gw-ü")], "1.2.3");

    private readonly TestSecrets _secrets = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-grpc-").FullName;
    private GrpcReceiver _receiver = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _receiver = await GrpcReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deliver_Records_AreWhatACollectorReads(bool compress)
    {
        using var sink = Create(settings => settings with { Compress = compress });

        var result = await sink.DeliverAsync(Batches.Of(128, 3), Stop);

        Assert.Empty(_receiver.Faults);
        Assert.Equal((DeliveryOutcome.Accepted, 0, null), (result.Outcome, result.Rejected, result.Problem));
        var request = Assert.Single(_receiver.Taken);
        Assert.Equal("POST /opentelemetry.proto.collector.logs.v1.LogsService/Export", request.Target);
        Assert.Equal(compress, request.Headers.ContainsKey("grpc-encoding"));
        Assert.DoesNotContain("Content-Encoding", request.Headers);
        Assert.DoesNotContain("traceparent", request.Headers);
        var logs = OtlpLogs.ReadProtobuf(request.Body);
        Assert.Equal([LogFiles.Line(128), LogFiles.Line(129), LogFiles.Line(130)], OtlpLogs.Records(logs).Select(OtlpLogs.Body));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"name":"Gateway.Audit","version":"1.2.3"}"""), logs["resourceLogs"]![0]!["scopeLogs"]![0]!["scope"]));
    }

    [Fact]
    public async Task Deliver_SeveralBatches_UseOneConnection()
    {
        using var sink = Create();

        for (var first = 1; first < 30; first += 10)
        {
            Assert.Equal(DeliveryOutcome.Accepted, (await sink.DeliverAsync(Batches.Of(first, 10), Stop)).Outcome);
        }

        Assert.Equal(Enumerable.Range(1, 30).Select(n => LogFiles.Line(n)), Bodies());
        Assert.Single(_receiver.Connections.Distinct());
    }

    [Theory]
    [InlineData("1", false, "Cancelled")]
    [InlineData("2", true, "Unknown")]
    [InlineData("3", true, "InvalidArgument")]
    [InlineData("4", false, "DeadlineExceeded")]
    [InlineData("5", true, "NotFound")]
    [InlineData("6", true, "AlreadyExists")]
    [InlineData("7", true, "authenticates")]
    [InlineData("8", true, "BatchBytes")]
    [InlineData("9", true, "FailedPrecondition")]
    [InlineData("10", false, "Aborted")]
    [InlineData("11", false, "OutOfRange")]
    [InlineData("12", true, "endpoint")]
    [InlineData("13", true, "Internal")]
    [InlineData("14", false, "Unavailable")]
    [InlineData("15", false, "DataLoss")]
    [InlineData("16", true, "authenticates")]
    [InlineData("17", true, "17")]
    [InlineData("2147483647", true, "2147483647")]
    [InlineData(null, false, "no gRPC status")]
    [InlineData("", false, "no gRPC status")]
    [InlineData("-1", false, "no gRPC status")]
    [InlineData("99999999999", false, "no gRPC status")]
    [InlineData("OK", false, "no gRPC status")]
    public async Task Deliver_Status_IsJudged(string? status, bool isRefusal, string words)
    {
        foreach (var isTrailersOnly in (bool[])[false, true])
        {
            _receiver.Answer = _ => new GrpcAnswer { Status = status, Message = "canary%20answer", IsTrailersOnly = isTrailersOnly };
            using var sink = Create();

            var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

            Assert.Equal(isRefusal ? DeliveryOutcome.Refused : DeliveryOutcome.Failed, result.Outcome);
            Assert.Contains(words, result.Problem, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", result.Problem, StringComparison.Ordinal);
            Assert.Null(result.RetryAfter);
        }

        Assert.Equal(2, _receiver.All.Count);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("14")]
    public async Task Deliver_StatusWithRetryInfo_WaitsForAsLongAsIsAsked(string status)
    {
        foreach (var isTrailersOnly in (bool[])[false, true])
        {
            _receiver.Answer = _ => new GrpcAnswer { Status = status, Details = Convert.ToBase64String(GrpcAnswer.RetryInfo([0x08, 17])).TrimEnd('='), IsTrailersOnly = isTrailersOnly };
            using var sink = Create();

            var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

            Assert.Equal((DeliveryOutcome.Failed, TimeSpan.FromSeconds(17)), (result.Outcome, result.RetryAfter));
            Assert.DoesNotContain("canary", result.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Deliver_ExhaustedWithOtherDetails_IsARefusal()
    {
        _receiver.Answer = _ => new GrpcAnswer { Status = "8", Details = Convert.ToBase64String(GrpcAnswer.RetryInfo([0x08, 17], "type.googleapis.com/google.rpc.QuotaFailure")) };
        using var sink = Create();

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal((DeliveryOutcome.Refused, null), (result.Outcome, result.RetryAfter));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("0000000001")]
    [InlineData("00000000020A")]
    [InlineData("00000000000A")]
    [InlineData("0100000000")]
    [InlineData("00000000000000000000")]
    public async Task Deliver_OkWithoutOneWholeMessage_IsNotBelieved(string body)
    {
        _receiver.Answer = _ => new GrpcAnswer { Body = Convert.FromHexString(body) };
        using var sink = Create();

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal((DeliveryOutcome.Failed, "The receiver's answer is not one message of gRPC."), (result.Outcome, result.Problem));
    }

    [Fact]
    public async Task Deliver_OkInHeadersAlone_IsNotBelieved()
    {
        _receiver.Answer = _ => new GrpcAnswer { IsTrailersOnly = true };
        using var sink = Create();

        Assert.Equal(DeliveryOutcome.Failed, (await sink.DeliverAsync(Batches.Of(1, 1), Stop)).Outcome);
    }

    [Fact]
    public async Task Deliver_AnswerWithoutEnd_IsReadToALimit()
    {
        _receiver.Answer = _ => new GrpcAnswer { Body = GrpcAnswer.Frame(new byte[1024 * 1024]) };
        using var sink = Create();

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(DeliveryOutcome.Refused, result.Outcome);
        Assert.Contains("longer than any", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_AnswerBreaksOff_Fails()
    {
        _receiver.Before = async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[] { 0, 0 });
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        using var sink = Create();

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains("broke off", result.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "text/html", true, "does not speak gRPC")]
    [InlineData(301, "text/html", true, "redirects")]
    [InlineData(401, "text/html", true, "authenticates")]
    [InlineData(404, "text/html", true, "status 404")]
    [InlineData(429, "text/html", false, "status 429")]
    [InlineData(503, "application/grpc", false, "status 503")]
    public async Task Deliver_AnswerOfAProxy_IsJudgedByHttp(int status, string contentType, bool isRefusal, string words)
    {
        _receiver.Answer = _ => new GrpcAnswer { HttpStatus = status, ContentType = contentType, Body = "canary-answer"u8.ToArray() };
        using var sink = Create();

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(isRefusal ? DeliveryOutcome.Refused : DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains(words, result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Problem, StringComparison.Ordinal);
        Assert.Single(_receiver.All);
    }

    [Fact]
    public async Task Deliver_ReceiverOfHttp1_IsSaidToSpeakNoHttp2()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        using var sink = Create(settings => settings with { Endpoint = receiver.Url });

        var result = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(DeliveryOutcome.Failed, result.Outcome);
        Assert.Contains("HTTP/2", result.Problem, StringComparison.Ordinal);
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task Deliver_ReceiverSilent_EndsInTimeAndTakesAnotherConnection()
    {
        _receiver.Before = context => _receiver.All.Count == 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
        using var sink = Create(settings => settings with { Timeout = TimeSpan.FromMilliseconds(500) });

        var silent = await sink.DeliverAsync(Batches.Of(1, 1), Stop);
        Assert.Equal("The receiver did not answer within 0.5 s.", silent.Problem);
        var answered = await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        Assert.Equal(DeliveryOutcome.Accepted, answered.Outcome);
        Assert.Equal(2, _receiver.Connections.Distinct().Count());
    }

    [Fact]
    public async Task Deliver_Tls_TrustsTheConfiguredAuthorityAlone()
    {
        var certificate = new ReceiverCertificate(_folder, "receiver");
        var stranger = new ReceiverCertificate(_folder, "stranger");
        var misnamed = new ReceiverCertificate(_folder, "misnamed", host: null);
        await using var receiver = await GrpcReceiver.StartAsync(certificate: certificate.Server);
        await using var other = await GrpcReceiver.StartAsync(certificate: misnamed.Server);
        await using var http1 = await HttpReceiver.StartAsync(certificate: certificate.Server);
        async Task<string?> ProblemAsync(Uri url, string? caFile)
        {
            using var sink = Create(settings => new ReceiverSettings(url, new ReceiverTls(caFile)));
            return (await sink.DeliverAsync(Batches.Of(1, 1), Stop)).Problem;
        }

        Assert.Null(await ProblemAsync(receiver.Url, certificate.CertificateFile));
        const string notAccepted = "The receiver's TLS certificate was not accepted, or TLS failed: gRPC needs TLS that offers HTTP/2.";
        Assert.Equal(notAccepted, await ProblemAsync(receiver.Url, stranger.CertificateFile));
        Assert.Equal(notAccepted, await ProblemAsync(receiver.Url, null));
        Assert.Equal(notAccepted, await ProblemAsync(other.Url, misnamed.CertificateFile));
        Assert.Equal(notAccepted, await ProblemAsync(http1.Url, certificate.CertificateFile));
        Assert.Single(receiver.Taken);
        Assert.Empty(other.All);
        Assert.Empty(http1.All);
    }

    [Fact]
    public async Task Deliver_Headers_GoAsMetadata()
    {
        _secrets.Values["key"] = "canary key";
        _secrets.Values["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=canary%20key, X-Tenant = a=b ,";
        using var configured = Create(settings => settings with { Headers = [new("X-Api-Key", null, new SecretReference("secret", "key"))] });
        using var environment = Create(settings => settings with { HeaderList = new SecretReference("env", "OTEL_EXPORTER_OTLP_HEADERS") });

        await configured.DeliverAsync(Batches.Of(1, 1), Stop);
        await environment.DeliverAsync(Batches.Of(1, 1), Stop);

        var requests = _receiver.Taken.ToList();
        Assert.Equal("canary key", requests[0].Headers["X-Api-Key"]);
        Assert.Equal(("canary key", "a=b"), (requests[1].Headers["api-key"], requests[1].Headers["X-Tenant"]));
    }

    [Fact]
    public async Task Deliver_PartialSuccess_CountsAndDoesNotRepeat()
    {
        _receiver.Answer = _ => new GrpcAnswer { Body = GrpcAnswer.Frame(OtlpLogs.PartialSuccess(2)) };
        await using var scene = new DeliveryScene();
        scene.Files.Append(5);
        scene.Deliver(Create());

        await DeliveryScene.UntilAsync(() => scene.Status is { Delivered: 5, Rejected: 2 }, "the records are dealt with");
        Assert.Single(_receiver.All);
    }

    [Fact]
    public async Task Delivery_ReceiverEchoesTheSecret_ItIsNeverLogged()
    {
        _secrets.Values["key"] = "canary-key";
        _receiver.Answer = request => new GrpcAnswer { Status = "16", Message = request.Headers["X-Api-Key"], Body = [] };
        var log = new MemoryLog();
        await using var scene = new DeliveryScene();
        scene.Files.Append(1);
        scene.Deliver(Create(settings => settings with { Headers = [new("X-Api-Key", null, new SecretReference("secret", "key"))] }), log);

        await DeliveryScene.UntilAsync(() => scene.Status.Problem is not null, "the refusal is noted");
        Assert.Contains(log.Lines, line => line.Text.Contains("authenticates", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("canary", StringComparison.Ordinal));
        Assert.Equal("canary-key", _receiver.All.First().Headers["X-Api-Key"]);
    }

    [Fact]
    public async Task Delivery_CollectorDownUnderLoad_GetsEverythingAfterwardsInOrder()
    {
        await using var scene = new DeliveryScene();
        var port = _receiver.Url.Port;
        scene.Deliver(Create());
        await scene.AppendWhileAsync(DeliveryScene.UntilAsync(() => _receiver.Taken.Count > 3, "records come"));
        await _receiver.DisposeAsync();
        await scene.AppendWhileAsync(DeliveryScene.UntilAsync(() => scene.Status.Problem is not null, "the outage is noticed"));
        var before = Bodies();
        _receiver = await GrpcReceiver.StartAsync(port);

        // Now and then it is busy, and what it says then does not count.
        var answers = 0;
        _receiver.Answer = _ => new GrpcAnswer { Status = Interlocked.Increment(ref answers) % 3 == 0 ? "14" : "0" };
        await scene.AppendWhileAsync(DeliveryScene.UntilAsync(() => answers > 10, "it is busy now and then"));
        var last = (int)scene.Files.Next - 1;

        await DeliveryScene.UntilAsync(() => scene.Status.Delivered == last, "all is delivered");
        Assert.Equal(Enumerable.Range(1, last).Select(n => LogFiles.Line(n)), before.Concat(Bodies()).Distinct());
    }

    private List<string> Bodies() => [.. _receiver.Taken.SelectMany(request => OtlpLogs.Records(OtlpLogs.ReadProtobuf(request.Body))).Select(OtlpLogs.Body)];

    private OtlpGrpcSink Create(Func<ReceiverSettings, ReceiverSettings>? change = null)
    {
        var settings = new ReceiverSettings(_receiver.Url, new ReceiverTls());
        return new OtlpGrpcSink(new GrpcClient(change?.Invoke(settings) ?? settings, _secrets, TimeProvider.System), new OtlpProtobuf(Identity));
    }
}
