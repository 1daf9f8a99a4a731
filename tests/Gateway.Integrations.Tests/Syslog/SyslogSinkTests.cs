using System.Text.RegularExpressions;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Tests.Audit.Reading;
using Gateway.Integrations.Receivers;
using Gateway.Integrations.Syslog;
using Gateway.Integrations.Tests.Receivers;

namespace Gateway.Integrations.Tests.Syslog;

public sealed partial class SyslogSinkTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-syslog-").FullName;
    private readonly ReceiverCertificate _certificate;
    private SyslogReceiver _receiver = null!;

    public SyslogSinkTests() => _certificate = new ReceiverCertificate(_folder, "receiver");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _receiver = new SyslogReceiver(_certificate.Server);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Deliver_Record_IsAMessageOfRfc5424()
    {
        await using (var sink = Create())
        {
            await sink.DeliverAsync(Batches.Of(41, 2), Stop);
            await DeliveryScene.UntilAsync(() => _receiver.Messages.Count == 2, "the messages came");
        }

        Assert.Equal(
            $"<110>1 2026-11-21T22:30:00.041Z gw-1 gateway 77 6003 [meta sequenceId=\"41\"] {LogFiles.Line(41)}",
            _receiver.Messages[0]);
        await DeliveryScene.UntilAsync(() => _receiver.EndedProperly == true, "the receiver was told of the end");
    }

    [Theory]
    [InlineData(1, "<14>")]
    [InlineData(2, "<13>")]
    [InlineData(3, "<12>")]
    [InlineData(4, "<11>")]
    [InlineData(5, "<10>")]
    [InlineData(6, "<9>")]
    [InlineData(0, "<14>")]
    public async Task Deliver_Severity_IsInThePriority(int severity, string expected)
    {
        await using var sink = Create(settings => settings with { Facility = 1, HostName = "no blanks\u00fc" });

        await sink.DeliverAsync(Batches.Of($$"""{"severity_id":{{severity}}}""", 2147483648), Stop);

        await DeliveryScene.UntilAsync(() => _receiver.Messages.Count == 1, "the message came");
        Assert.Equal($$"""{{expected}}1 - noblanks gateway 77 0 [meta sequenceId="1"] {"severity_id":{{severity}}}""", _receiver.Messages[0]);
    }

    [Fact]
    public async Task Deliver_ClientCertificate_IsShown()
    {
        var client = new ReceiverCertificate(_folder, "client");
        await using var sink = Create(settings => settings with { Tls = new ReceiverTls(_certificate.CertificateFile, client.CertificateFile, client.KeyFile) });

        await sink.DeliverAsync(Batches.Of(1, 1), Stop);

        await DeliveryScene.UntilAsync(() => _receiver.Messages.Count == 1, "the message came");
        Assert.Equal("CN=client", _receiver.ClientSubject);
    }

    [Fact]
    public async Task Deliver_CertificateNotAccepted_SendsNothing()
    {
        var stranger = new ReceiverCertificate(_folder, "stranger");
        var misnamed = new ReceiverCertificate(_folder, "misnamed", host: null);
        await using var other = new SyslogReceiver(misnamed.Server);
        async Task<string?> ProblemAsync(int port, ReceiverTls tls)
        {
            await using var sink = Create(settings => settings with { Port = port, Tls = tls });
            return (await sink.DeliverAsync(Batches.Of(1, 1), Stop)).Problem;
        }

        const string notAccepted = "The receiver's TLS certificate was not accepted, or TLS failed.";
        Assert.Equal(notAccepted, await ProblemAsync(_receiver.Port, new ReceiverTls()));
        Assert.Equal(notAccepted, await ProblemAsync(_receiver.Port, new ReceiverTls(stranger.CertificateFile)));
        Assert.Equal(notAccepted, await ProblemAsync(other.Port, new ReceiverTls(misnamed.CertificateFile)));
        Assert.Equal("The file of certificate authorities for the receiver cannot be read as PEM.", await ProblemAsync(_receiver.Port, new ReceiverTls(Path.Combine(_folder, "none.pem"))));
        Assert.Empty(_receiver.Messages);
        Assert.Empty(other.Messages);
    }

    [Fact]
    public async Task Deliver_ReceiverStopsReading_FailsAndDoesNotWaitForItAtTheEnd()
    {
        var sink = Create(settings => settings with { Timeout = TimeSpan.FromMilliseconds(500), ResendWindow = TimeSpan.FromHours(1) });
        await sink.DeliverAsync(Batches.Of(1, 1), Stop);
        _receiver.IsReading = false;
        DeliveryResult result;
        do
        {
            result = await sink.DeliverAsync(Batches.Of(2, 10_000), Stop);
        }
        while (result.Outcome == DeliveryOutcome.Accepted);

        Assert.Equal("The receiver did not take the records in time.", result.Problem);
        await sink.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop);
        _receiver.IsReading = true;
    }

    [Fact]
    public async Task Deliver_NobodyListens_Fails()
    {
        var port = _receiver.Port;
        await _receiver.DisposeAsync();
        await using var sink = Create(settings => settings with { Port = port });

        Assert.Equal("The receiver cannot be reached.", (await sink.DeliverAsync(Batches.Of(1, 1), Stop)).Problem);
    }

    [Fact]
    public async Task Deliver_ConnectionOutlivesTheWindow_Confirms()
    {
        await using var sink = Create(settings => settings with { ResendWindow = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(0, (await sink.DeliverAsync(Batches.Of(1, 5), Stop)).Confirmed);
        await Task.Delay(350, Stop);
        Assert.Equal(5, (await sink.DeliverAsync(Batches.Of(6, 5), Stop)).Confirmed);
        await Task.Delay(350, Stop);
        Assert.Equal(10, (await sink.DeliverAsync(default, Stop)).Confirmed);
    }

    [Fact]
    public async Task Deliver_ConnectionCutWhileIdle_SaysSoOnlyIfSomethingIsInDoubt()
    {
        await using var sink = Create(settings => settings with { ResendWindow = TimeSpan.FromMilliseconds(100) });
        await sink.DeliverAsync(Batches.Of(1, 5), Stop);
        await Task.Delay(150, Stop);
        Assert.Equal(5, (await sink.DeliverAsync(default, Stop)).Confirmed);

        _receiver.Cut();
        await Task.Delay(100, Stop);
        Assert.Equal(DeliveryOutcome.Accepted, (await sink.DeliverAsync(Batches.Of(6, 1), Stop)).Outcome);
        _receiver.Cut();
        DeliveryResult result;
        do
        {
            await Task.Delay(10, Stop);
            result = await sink.DeliverAsync(default, Stop);
        }
        while (result.Outcome == DeliveryOutcome.Accepted && result.Confirmed < 6);
        Assert.True(result.Outcome == DeliveryOutcome.Failed || _receiver.Messages.Count == 6, "A record was confirmed that never came.");
    }

    [Fact]
    public async Task Delivery_ConnectionsCutUnderLoad_LosesNothing()
    {
        await using var scene = new DeliveryScene();
        scene.Deliver(Create(settings => settings with { ResendWindow = TimeSpan.FromSeconds(2) }));
        for (var cut = 0; cut < 5; cut++)
        {
            var count = _receiver.Messages.Count;
            await scene.AppendWhileAsync(DeliveryScene.UntilAsync(() => _receiver.Messages.Count > count + 30, "messages come"));

            // What is sent now is lost, though nobody tells the sender.
            _receiver.IsReading = false;
            await scene.AppendWhileAsync(Task.Delay(100, Stop));
            _receiver.Cut();
            _receiver.IsReading = true;
        }

        var last = (int)scene.Files.Next - 1;
        await DeliveryScene.UntilAsync(() => scene.Status is { Problem: null } && _receiver.Messages.Select(SequenceOf).Distinct().Count() == last, "all is there");
        AssertEachConnectionGapless();
    }

    [Fact]
    public async Task Delivery_ReceiverDownUnderLoad_GetsEverythingAfterwardsInOrder()
    {
        await using var scene = new DeliveryScene();
        var port = _receiver.Port;
        scene.Deliver(Create());
        await scene.AppendWhileAsync(DeliveryScene.UntilAsync(() => _receiver.Messages.Count > 50, "messages come"));
        await _receiver.DisposeAsync();
        var before = _receiver.Messages;
        await scene.AppendWhileAsync(Task.Delay(2000, Stop));
        Assert.NotNull(scene.Status.Problem);
        _receiver = new SyslogReceiver(_certificate.Server, port);
        await scene.AppendWhileAsync(Task.Delay(300, Stop));
        var last = (int)scene.Files.Next - 1;

        await DeliveryScene.UntilAsync(() => before.Concat(_receiver.Messages).Select(SequenceOf).Distinct().Count() == last, "all is there");
        AssertEachConnectionGapless();
    }

    private static long SequenceOf(string message) => long.Parse(SequenceId().Match(message).Groups["number"].ValueSpan);

    private void AssertEachConnectionGapless() => Assert.All(
        _receiver.Connections.Where(messages => messages.Count > 0),
        messages => Assert.Equal(Enumerable.Range((int)SequenceOf(messages[0]), messages.Count).Select(n => (long)n), messages.Select(SequenceOf)));

    private SyslogSink Create(Func<SyslogSettings, SyslogSettings>? change = null)
    {
        var settings = new SyslogSettings("localhost", _receiver.Port, new ReceiverTls(_certificate.CertificateFile)) { HostName = "gw-1", ProcessId = 77 };
        return new SyslogSink(change?.Invoke(settings) ?? settings, TimeProvider.System);
    }

    [GeneratedRegex("sequenceId=\"(?<number>[0-9]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SequenceId();
}
