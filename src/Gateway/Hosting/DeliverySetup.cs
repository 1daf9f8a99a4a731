using Gateway.Configuration;
using Gateway.Core.Audit;
using Gateway.Core.Audit.Delivery;
using Gateway.Core.Credentials;
using Gateway.Integrations.Otlp;
using Gateway.Integrations.Receivers;
using Gateway.Integrations.Syslog;
using Gateway.Integrations.Webhook;

namespace Gateway.Hosting;

/// <summary>Turns what is configured about sinks into what delivers to them.</summary>
internal static class DeliverySetup
{
    /// <summary>The sinks by name, with the one that is written in short.</summary>
    public static IReadOnlyDictionary<string, AuditSinkOptions> Sinks(AuditOptions options) => options.Otlp
        ? new Dictionary<string, AuditSinkOptions>(options.Sinks) { [AuditSinkNames.Otlp] = new OtlpSinkOptions() }
        : options.Sinks;

    public static AuditDelivery Create(IServiceProvider provider, GatewayOptions options)
    {
        var journal = provider.GetRequiredService<ICallJournal>();
        var secrets = provider.GetRequiredService<ISecretSource>();
        var clock = provider.GetRequiredService<TimeProvider>();
        var logger = provider.GetRequiredService<ILogger<AuditDelivery>>();
        var environment = new OtlpEnvironment(OtlpSignal.Logs, Environment.GetEnvironmentVariable);
        return new AuditDelivery([.. Sinks(options.Audit).Select(sink => new SinkPump(
            sink.Key,
            sink.Value switch
            {
                OtlpSinkOptions otlp => Otlp(otlp, environment, secrets, clock),
                SyslogSinkOptions syslog => new SyslogSink(Settings(syslog), clock),
                WebhookSinkOptions webhook => new WebhookSink(new ReceiverClient(Settings(webhook), secrets, clock), webhook.Format, Environment.MachineName),
                _ => throw new InvalidOperationException("A sink is of no known type, which validation refuses."),
            },
            Options(sink.Value),
            (options.Audit.Directory, Path.Combine(options.DataDirectory, "delivery", $"{sink.Key}.cursor")),
            journal,
            clock,
            logger))]);
    }

    private static DeliveryOptions Options(AuditSinkOptions sink) => new()
    {
        BatchRecords = sink.BatchRecords,
        BatchBytes = sink.BatchBytes,
        Interval = sink.Interval,
    };

    private static IAuditSink Otlp(OtlpSinkOptions sink, OtlpEnvironment environment, ISecretSource secrets, TimeProvider clock)
    {
        var version = typeof(DeliverySetup).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        var identity = new OtlpIdentity(
            environment.Resource(("service.name", "gateway"), ("service.version", version), ("host.name", Environment.MachineName)),
            version);
        var protocol = sink.Protocol ?? environment.Protocol ?? throw new InvalidOperationException("The environment's OTLP protocol is no known one, which validation refuses.");
        var settings = Settings(sink, protocol, environment);
        return protocol switch
        {
            OtlpProtocol.Grpc => new OtlpGrpcSink(new GrpcClient(settings, secrets, clock), new OtlpProtobuf(identity)),
            OtlpProtocol.HttpJson => new OtlpSink(new ReceiverClient(settings, secrets, clock), new OtlpJson(identity)),
            _ => new OtlpSink(new ReceiverClient(settings, secrets, clock), new OtlpProtobuf(identity)),
        };
    }

    private static ReceiverSettings Settings(OtlpSinkOptions sink, OtlpProtocol protocol, OtlpEnvironment environment)
    {
        var tls = new ReceiverTls(
            sink.CaFile ?? environment.Certificate,
            sink.Certificate ?? environment.ClientCertificate,
            sink.Certificate is null ? environment.ClientKey : sink.Key);
        return new ReceiverSettings(new Uri(sink.Endpoint ?? environment.Endpoint(protocol)), tls)
        {
            // A variable is about all exporters of the machine; what is configured is about this one.
            Timeout = sink.Timeout != new OtlpSinkOptions().Timeout ? sink.Timeout : environment.Timeout ?? sink.Timeout,
            Headers = [.. sink.Headers.Select(header => new ReceiverHeader(header.Key, null, header.Value))],
            HeaderList = sink.Headers.Count == 0 && environment.HeadersVariable is { } variable ? new SecretReference(SecretReference.EnvironmentScheme, variable) : null,
            Compress = sink.Compress ?? environment.Compression == "gzip",
        };
    }

    private static SyslogSettings Settings(SyslogSinkOptions sink) => new(sink.Host, sink.Port, new ReceiverTls(sink.CaFile, sink.Certificate, sink.Key))
    {
        Facility = sink.Facility,
        AppName = sink.AppName,
        HostName = sink.HostName ?? Environment.MachineName,
        ProcessId = Environment.ProcessId,
        Timeout = sink.Timeout,
        ResendWindow = sink.ResendWindow,
    };

    private static ReceiverSettings Settings(WebhookSinkOptions sink) => new(new Uri(sink.Url), new ReceiverTls(sink.CaFile, sink.Certificate, sink.Key))
    {
        Timeout = sink.Timeout,
        Headers = sink.Value is { } value ? [new ReceiverHeader(sink.Header, Scheme(sink), value)] : [],
        Compress = sink.Compress,
    };

    private static string? Scheme(WebhookSinkOptions sink) => sink switch
    {
        { Scheme: { } scheme } => scheme,
        _ when !sink.Header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) => null,
        { Format: WebhookFormat.SplunkHec } => "Splunk",
        _ => "Bearer",
    };
}
