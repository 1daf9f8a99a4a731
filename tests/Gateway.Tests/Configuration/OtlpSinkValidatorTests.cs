namespace Gateway.Tests.Configuration;

/// <summary>A sink that goes by OpenTelemetry's environment variables: what they may say.</summary>
public sealed class OtlpSinkValidatorTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ENDPOINT", "http://collector:4318", "OTLP endpoint, which must begin with https://")]
    [InlineData("LOGS_ENDPOINT", "collector:4318", "OTLP endpoint, which must be an absolute")]
    [InlineData("LOGS_PROTOCOL", "thrift", "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL")]
    [InlineData("COMPRESSION", "zstd", "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION")]
    [InlineData("LOGS_TIMEOUT", "10s", "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT")]
    [InlineData("CERTIFICATE", "/none.pem", "OTEL_EXPORTER_OTLP_CERTIFICATE")]
    [InlineData("CLIENT_KEY", "/none.key", "OTEL_EXPORTER_OTLP_CLIENT_KEY")]
    public void Load_VariableThatCannotBe_IsAnErrorAtTheKeyThatGoesByIt(string variable, string value, string expected)
    {
        _folder.Environment[$"OTEL_EXPORTER_OTLP_{variable}"] = value;

        var error = Assert.Single(_folder.LoadWith(("Audit|Otlp", "true")).Errors);
        Assert.Equal("Gateway:Audit:Otlp", error.Key);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);

        // Nobody goes by it.
        Assert.Empty(_folder.LoadWith(("Audit|Otlp", "false")).Errors);
    }

    [Theory]
    [InlineData("https://otel:4317", null)]
    [InlineData("https://otel:4317/", null)]
    [InlineData("http://localhost:4317", null)]
    [InlineData("http://otel:4317", "https://")]
    [InlineData("https://otel:4317/v1/logs", "no path")]
    [InlineData("https://otel:4317?a=b", "no path")]
    [InlineData("otel:4317", "an absolute https or http URL")]
    public void Load_EndpointOfGrpc_HasNoPath(string endpoint, string? expected)
    {
        // By the variables, and written out.
        _folder.Environment["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = endpoint;
        _folder.Environment["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"] = "grpc";
        foreach (var (key, json, at) in new[]
        {
            ("Audit|Otlp", "true", "Gateway:Audit:Otlp"),
            ("Audit|Sinks|collector", $$"""{ "Type": "Otlp", "Endpoint": "{{endpoint}}", "Protocol": "Grpc" }""", "Gateway:Audit:Sinks:collector:Endpoint"),
        })
        {
            var errors = _folder.LoadWith((key, json)).Errors;
            Assert.Equal(expected is null ? [] : [at], errors.Select(error => error.Key));
            Assert.All(errors, error => Assert.Contains(expected!, error.Message, StringComparison.Ordinal));
            Assert.All(errors, error => Assert.DoesNotContain(endpoint, error.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Load_SinkThatSaysAllItself_DoesNotGoByTheVariables()
    {
        _folder.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4317";
        _folder.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        const string sink = """{ "Type": "Otlp", "Endpoint": "https://collector:4318/v1/logs", "Protocol": "HttpProtobuf" }""";

        Assert.Empty(_folder.LoadWith(("Audit|Sinks|collector", sink)).Errors);
    }
}
