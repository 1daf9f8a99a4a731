using Gateway.Hosting;
using Gateway.Integrations.Otlp;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>Sends spans and metrics to an OpenTelemetry collector, where one is named; stops after the server, with what is left.</summary>
/// <param name="plan">Whether the configuration wants it.</param>
/// <param name="state">What is there to observe, whoever does.</param>
internal sealed class TelemetryExport(StartupPlan plan, StateMetrics state) : IHostedService, IDisposable
{
    /// <summary>A collector that is down must not hold up the end of the process.</summary>
    private const int FarewellMilliseconds = 3000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        state.Publish();
        var settings = OtlpSettings.Read(plan.Options.Telemetry.Otlp, Environment.GetEnvironmentVariable);
        if (settings.Traces)
        {
            // Not YARP's: its only span says again what "forward" says.
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddSource(Tracing.Name, "Microsoft.AspNetCore", "System.Net.Http")
                .AddOtlpExporter(static options => OtlpExporterSetup.Apply(options, OtlpSignal.Traces, Environment.GetEnvironmentVariable))
                .Build();
        }

        if (settings.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddMeter(Tracing.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http")
                .AddOtlpExporter(static options => OtlpExporterSetup.Apply(options, OtlpSignal.Metrics, Environment.GetEnvironmentVariable))
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _traces?.Shutdown(FarewellMilliseconds), CancellationToken.None),
        Task.Run(() => _metrics?.Shutdown(FarewellMilliseconds), CancellationToken.None));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    /// <summary>The variables come last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES count.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService("gateway", serviceVersion: Tracing.Source.Version)
        .AddEnvironmentVariableDetector();
}
