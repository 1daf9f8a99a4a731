using Gateway.Telemetry;

namespace Gateway.Tests.Telemetry;

public sealed class OtlpSettingsTests
{
    [Theory]
    [InlineData(false, "", false, false)]
    [InlineData(true, "", true, true)]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317", true, true)]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT= ", false, false)]
    [InlineData(false, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4317", true, false)]
    [InlineData(false, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:4317", false, true)]
    [InlineData(true, "OTEL_SDK_DISABLED=TRUE", false, false)]
    [InlineData(true, "OTEL_SDK_DISABLED=1", true, true)]
    [InlineData(true, "OTEL_TRACES_EXPORTER=none", false, true)]
    [InlineData(true, "OTEL_METRICS_EXPORTER=None", true, false)]
    public void Read_Variables_CountAsTheyAreSpecified(bool configured, string variable, bool traces, bool metrics)
    {
        var parts = variable.Split('=', 2);

        Assert.Equal(new OtlpSettings(traces, metrics), OtlpSettings.Read(configured, name => name == parts[0] ? parts[1] : null));
    }
}
