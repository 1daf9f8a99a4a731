using Gateway.Core.Credentials;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Forwarding;

/// <summary>Puts the gateway's request and response transforms on every route.</summary>
internal sealed class CallTransforms(LeaseStore leases, TimeProvider clock) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // Routes come from the gateway's own validated configuration.
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // Likewise.
    }

    public void Apply(TransformBuilderContext context)
    {
        context.UseDefaultForwarders = false;
        context.RequestTransforms.Add(new InjectCredentialTransform(leases, clock));
        context.ResponseTransforms.Add(new ScrubResponseTransform());
        context.ResponseTrailersTransforms.Add(new ScrubTrailersTransform());
    }
}
