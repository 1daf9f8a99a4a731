namespace Gateway.Tests.Configuration;

/// <summary>What OpenTelemetry's environment variables may say about traces and metrics, where those are exported.</summary>
public sealed class TelemetryValidatorTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("PROTOCOL", "http/json", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL")]
    [InlineData("TRACES_PROTOCOL", "http/json", "OTEL_TRACES_EXPORTER to none")]
    [InlineData("METRICS_PROTOCOL", "GRPC", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL")]
    [InlineData("LOGS_PROTOCOL", "thrift")]
    [InlineData("TRACES_ENDPOINT", "otel:4317", "traces by the environment's OTLP endpoint, which must be an absolute")]
    [InlineData("TRACES_ENDPOINT", "http://otel:4317")]
    [InlineData("METRICS_COMPRESSION", "zstd", "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION")]
    [InlineData("TIMEOUT", "10s", "traces by the environment's OTEL_EXPORTER_OTLP_TIMEOUT", "metrics by the environment's OTEL_EXPORTER_OTLP_TIMEOUT")]
    public void Load_VariableThatCannotBe_IsAnErrorWhereItCounts(string variable, string value, params string[] expected)
    {
        _folder.Environment[$"OTEL_EXPORTER_OTLP_{variable}"] = value;

        var errors = _folder.LoadWith(("Telemetry|Otlp", "true")).Errors;
        Assert.Equal(expected.Length, errors.Count);
        Assert.All(errors.Zip(expected), pair => Assert.Contains(pair.Second, pair.First.Message, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.Equal("Gateway:Telemetry:Otlp", error.Key));
        Assert.All(errors, error => Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal));

        // Nobody goes by it.
        _folder.Environment["OTEL_SDK_DISABLED"] = "true";
        Assert.Empty(_folder.LoadWith(("Telemetry|Otlp", "true")).Errors);
    }

    [Fact]
    public void Load_EndpointOfGrpcWithAPath_IsAnErrorWithoutTheOption()
    {
        _folder.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://otel:4317/v1";
        Assert.Empty(_folder.LoadWith().Errors);
        _folder.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";

        var errors = _folder.LoadWith().Errors;

        Assert.Equal(2, errors.Count);
        Assert.All(errors, error => Assert.Contains("no path", error.Message, StringComparison.Ordinal));
        _folder.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://otel:4317";
        Assert.Empty(_folder.LoadWith().Errors);
    }
}
