using System.Net;

namespace Gateway.Cli;

/// <summary>How a stream of events ended.</summary>
/// <param name="Status">What the gateway answered.</param>
/// <param name="LastId">Where to go on; empty where nothing is known.</param>
internal readonly record struct StreamEnd(HttpStatusCode Status, string LastId)
{
    public bool WasServed => Status == HttpStatusCode.OK;

    /// <summary>Whether it may be served another time: what is wrong is the gateway's, not the question.</summary>
    public bool MayBeTriedAgain => (int)Status >= 500;
}
