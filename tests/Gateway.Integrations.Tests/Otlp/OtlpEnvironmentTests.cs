using Gateway.Integrations.Otlp;

namespace Gateway.Integrations.Tests.Otlp;

/// <summary>What "OpenTelemetry Protocol Exporter" and "Environment Variable Specification" say about the variables.</summary>
public sealed class OtlpEnvironmentTests
{
    private readonly Dictionary<string, string> _variables = [];

    private OtlpEnvironment Environment => new(_variables.GetValueOrDefault);

    [Fact]
    public void Endpoint_OfLogs_IsUsedAsItIs()
    {
        Assert.Null(Environment.Endpoint);
        _variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://collector:4318/base/";
        Assert.Equal("https://collector:4318/base/v1/logs", Environment.Endpoint);
        _variables["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = "https://logs:4318";
        Assert.Equal("https://logs:4318", Environment.Endpoint);
        _variables["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = "";
        Assert.Equal("https://collector:4318/base/v1/logs", Environment.Endpoint);
    }

    [Fact]
    public void Settings_OfLogs_ComeBeforeTheCommonOnes()
    {
        foreach (var name in (string[])["PROTOCOL", "COMPRESSION", "CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY", "TIMEOUT", "HEADERS"])
        {
            _variables[$"OTEL_EXPORTER_OTLP_{name}"] = "1000";
            Assert.Equal("1000", Read(name));
            _variables[$"OTEL_EXPORTER_OTLP_LOGS_{name}"] = "2000";
            Assert.Equal("2000", Read(name));
        }

        string? Read(string name) => name switch
        {
            "PROTOCOL" => Environment.Protocol,
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
