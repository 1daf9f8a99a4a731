namespace Gateway.Configuration;

/// <summary>YARP's policies for judging probes, under YARP's names.</summary>
internal enum ActiveHealthCheckPolicy
{
    /// <summary>Two failed probes in a row make a destination unhealthy, one good probe makes it healthy.</summary>
    ConsecutiveFailures,
}
