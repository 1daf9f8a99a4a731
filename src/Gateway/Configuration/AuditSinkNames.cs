namespace Gateway.Configuration;

/// <summary>Names of sinks that the configuration does not write out.</summary>
internal static class AuditSinkNames
{
    /// <summary>The sink that <see cref="AuditOptions.Otlp"/> stands for.</summary>
    public const string Otlp = "otlp";
}
