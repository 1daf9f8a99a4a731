using Gateway.Integrations.Otlp;
using Gateway.Telemetry;
using OpenTelemetry.Exporter;

namespace Gateway.Tests.Telemetry;

public sealed class OtlpExporterSetupTests
{
    private readonly Dictionary<string, string> _variables = [];

    [Fact]
    public void Apply_NoVariable_IsHttpAsForTheCallLog()
    {
        var options = Apply(OtlpSignal.Traces);

        Assert.Equal((OtlpExportProtocol.HttpProtobuf, "http://localhost:4318/v1/traces"), (options.Protocol, options.Endpoint.AbsoluteUri));
        Assert.Equal((OtlpExportCompression.None, 10_000, null), (options.Compression, options.TimeoutMilliseconds, options.Headers));
    }

    [Fact]
    public void Apply_CommonVariables_CountForEverySignal()
    {
        _variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://otel:4317";
        _variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        _variables["OTEL_EXPORTER_OTLP_HEADERS"] = "a=b";
        _variables["OTEL_EXPORTER_OTLP_TIMEOUT"] = "2000";
        _variables["OTEL_EXPORTER_OTLP_COMPRESSION"] = "gzip";

        foreach (var options in new[] { Apply(OtlpSignal.Traces), Apply(OtlpSignal.Metrics) })
        {
            Assert.Equal((OtlpExportProtocol.Grpc, "http://otel:4317/"), (options.Protocol, options.Endpoint.AbsoluteUri));
            Assert.Equal((OtlpExportCompression.GZip, 2000, "a=b"), (options.Compression, options.TimeoutMilliseconds, options.Headers));
        }
    }

    [Fact]
    public void Apply_VariablesOfTheSignal_ComeBeforeTheCommonOnes()
    {
        _variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://otel:4318/base";
        _variables["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = "http://metrics:4317";
        _variables["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "grpc";
        _variables["OTEL_EXPORTER_OTLP_METRICS_HEADERS"] = "a=c";
        _variables["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"] = "3000";
        var (traces, metrics) = (Apply(OtlpSignal.Traces), Apply(OtlpSignal.Metrics));

        Assert.Equal((OtlpExportProtocol.HttpProtobuf, "http://otel:4318/base/v1/traces"), (traces.Protocol, traces.Endpoint.AbsoluteUri));
        Assert.Equal((10_000, null), (traces.TimeoutMilliseconds, traces.Headers));
        Assert.Equal((OtlpExportProtocol.Grpc, "http://metrics:4317/"), (metrics.Protocol, metrics.Endpoint.AbsoluteUri));
        Assert.Equal((3000, "a=c"), (metrics.TimeoutMilliseconds, metrics.Headers));
    }

    private OtlpExporterOptions Apply(OtlpSignal signal)
    {
        var options = new OtlpExporterOptions();
        OtlpExporterSetup.Apply(options, signal, _variables.GetValueOrDefault);
        return options;
    }
}
