namespace Gateway.Configuration;

/// <summary>YARP's load-balancing policies, under YARP's names.</summary>
internal enum LoadBalancingPolicy
{
    /// <summary>The alphabetically first available destination: failover.</summary>
    FirstAlphabetical,

    /// <summary>Any.</summary>
    Random,

    /// <summary>Of two random destinations the one with fewer requests in flight.</summary>
    PowerOfTwoChoices,

    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The one with the fewest requests in flight.</summary>
    LeastRequests,
}
