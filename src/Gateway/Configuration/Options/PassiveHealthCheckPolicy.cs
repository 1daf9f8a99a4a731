namespace Gateway.Configuration;

/// <summary>YARP's policies for judging forwarded requests, under YARP's names.</summary>
internal enum PassiveHealthCheckPolicy
{
    /// <summary>More than 30 % failed connections and time-outs within a minute make a destination unhealthy.</summary>
    TransportFailureRate,
}
