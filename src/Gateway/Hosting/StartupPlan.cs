using Gateway.Configuration;
using Gateway.Core.Policy;

namespace Gateway.Hosting;

/// <summary>A configuration that was found sound as a whole: its options and its policies.</summary>
internal sealed record StartupPlan(GatewayOptions Options, PolicyFiles Policies);
