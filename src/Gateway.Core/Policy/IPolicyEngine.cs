namespace Gateway.Core.Policy;

/// <summary>Decides one request. Must not throw for anything that a request can contain: a fault is a deny.</summary>
internal interface IPolicyEngine
{
    ValueTask<Decision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken);
}
