using Gateway.Integrations.Otlp;

namespace Gateway.Integrations.Tests.Otlp;

/// <summary>What "OpenTelemetry Protocol Exporter" and "Environment Variable Specification" say about the variables.</summary>
public sealed class OtlpEnvironmentTests
{
    private readonly Dictionary<string, string> _variables = [];

    private OtlpEnvironment Environment => new(OtlpSignal.Logs, _variables.GetValueOrDefault);

    [Fact]
    public void Endpoint_OfLogs_IsUsedAsItIs()
    {
        Assert.Equal("http://localhost:4318/v1/logs", Environment.Endpoint(OtlpProtocol.HttpProtobuf));
        _variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://collector:4318/base/";
        Assert.Equal("https://collector:4318/base/v1/logs", Environment.Endpoint(OtlpProtocol.HttpJson));
        _variables["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = "https://logs:4318";
        Assert.Equal("https://logs:4318", Environment.Endpoint(OtlpProtocol.HttpProtobuf));
        _variables["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = "";
        Assert.Equal("https://collector:4318/base/v1/logs", Environment.Endpoint(OtlpProtocol.HttpProtobuf));
    }

    [Fact]
    public void Endpoint_OfGrpc_HasNoPathOfItsOwn()
    {
        Assert.Equal("http://localhost:4317", Environment.Endpoint(OtlpProtocol.Grpc));
        _variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://collector:4317";
        Assert.Equal("https://collector:4317", Environment.Endpoint(OtlpProtocol.Grpc));
        _variables["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = "https://logs:4317/";
        Assert.Equal("https://logs:4317/", Environment.Endpoint(OtlpProtocol.Grpc));
    }

    [Theory]
    [InlineData(null, "HttpProtobuf")]
    [InlineData("", "HttpProtobuf")]
    [InlineData("http/protobuf", "HttpProtobuf")]
    [InlineData("http/json", "HttpJson")]
    [InlineData("grpc", "Grpc")]
    [InlineData("gRPC", null)]
    [InlineData("http", null)]
    public void Protocol_Text_IsOneOfThreeOrUnknown(string? text, string? expected)
    {
        if (text is not null)
        {
            _variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = text;
        }

        Assert.Equal(expected, Environment.Protocol?.ToString());
    }

    [Fact]
    public void Signals_EachWithVariablesOfItsOwn_ReadTheirs()
    {
        _variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        _variables["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf";
        _variables["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = "https://metrics:4317";
        var traces = new OtlpEnvironment(OtlpSignal.Traces, _variables.GetValueOrDefault);
        var metrics = new OtlpEnvironment(OtlpSignal.Metrics, _variables.GetValueOrDefault);

        Assert.Equal((OtlpProtocol.HttpProtobuf, "http://localhost:4318/v1/traces"), (traces.Protocol, traces.Endpoint(OtlpProtocol.HttpProtobuf)));
        Assert.Equal((OtlpProtocol.Grpc, "https://metrics:4317"), (metrics.Protocol, metrics.Endpoint(OtlpProtocol.Grpc)));
        Assert.Equal((OtlpProtocol.Grpc, "http://localhost:4317"), (Environment.Protocol, Environment.Endpoint(OtlpProtocol.Grpc)));
    }

    [Fact]
    public void Settings_OfLogs_ComeBeforeTheCommonOnes()
    {
        foreach (var name in (string[])["COMPRESSION", "CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY", "TIMEOUT", "HEADERS"])
        {
            _variables[$"OTEL_EXPORTER_OTLP_{name}"] = "1000";
            Assert.Equal("1000", Read(name));
            _variables[$"OTEL_EXPORTER_OTLP_LOGS_{name}"] = "2000";
            Assert.Equal("2000", Read(name));
        }

        string? Read(string name) => name switch
        {
            "COMPRESSION" => Environment.Compression,
            "CERTIFICATE" => Environment.Certificate,
            "CLIENT_CERTIFICATE" => Environment.ClientCertificate,
            "CLIENT_KEY" => Environment.ClientKey,
            "TIMEOUT" => Environment.Timeout?.TotalMilliseconds.ToString(),
            _ => _variables[Environment.HeadersVariable!],
        };
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10s")]
    [InlineData("99999999999")]
    public void Timeout_NoNumberOfMilliseconds_IsNull(string value)
    {
        _variables["OTEL_EXPORTER_OTLP_TIMEOUT"] = value;

        Assert.Null(Environment.Timeout);
        Assert.Equal("OTEL_EXPORTER_OTLP_TIMEOUT", Environment.TimeoutVariable);
    }

    [Fact]
    public void Resource_AttributesAndServiceName_OverTheDefaults()
    {
        _variables["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=prod%2Ceu, service.name=listed ,k8s.pod.name=gw-0";
        Assert.Equal(
            [new("service.name", "listed"), new("host.name", "h"), new("deployment.environment", "prod,eu"), new("k8s.pod.name", "gw-0")],
            Environment.Resource(("service.name", "gateway"), ("host.name", "h")));

        _variables["OTEL_SERVICE_NAME"] = "named";
        Assert.Equal("named", Environment.Resource(("service.name", "gateway"))[0].Value);
    }

    [Fact]
    public void Resource_MalformedList_IsIgnoredAsAWhole()
    {
        _variables["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=prod,broken";

        Assert.Equal([new("service.name", "gateway")], Environment.Resource(("service.name", "gateway")));
    }
}
