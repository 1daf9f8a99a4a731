using Gateway.Configuration;
using Gateway.Core.Policy;

namespace Gateway.Hosting;

/// <summary>A configuration that was found sound as a whole: its options and its policies.</summary>
/// <param name="Options">With absolute paths.</param>
/// <param name="Policies">Without problems.</param>
/// <param name="Stamps">The files as they were before they were read, see <see cref="FileStamps"/>.</param>
internal sealed record StartupPlan(GatewayOptions Options, PolicyFiles Policies, string Stamps);
