namespace Gateway.Pipeline;

/// <summary>One step between accepting an agent's request and forwarding it.</summary>
/// <remarks>A refusal is a <see cref="Verdict"/>; an exception means that the gateway is at fault.</remarks>
internal interface ICallStage
{
    ValueTask<Verdict> RunAsync(Call call, CancellationToken cancellationToken);
}
