namespace Gateway.Configuration;

/// <summary>YARP's policies for choosing the destinations that serve, under YARP's names.</summary>
internal enum AvailableDestinationsPolicy
{
    /// <summary>Every destination that is not known to be unhealthy; with none left, calls are refused.</summary>
    HealthyAndUnknown,

    /// <summary>As <see cref="HealthyAndUnknown"/>, but with none left, all of them.</summary>
    HealthyOrPanic,
}
