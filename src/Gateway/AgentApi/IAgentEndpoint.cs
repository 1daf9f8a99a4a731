using Gateway.Pipeline;

namespace Gateway.AgentApi;

/// <summary>One thing that the gateway answers an identified agent itself.</summary>
internal interface IAgentEndpoint
{
    /// <summary>What the call log names as the operation.</summary>
    string Name { get; }

    /// <summary>"METHOD /path/{parameter}", behind <see cref="AgentApiStage.Root"/>.</summary>
    string Template { get; }

    /// <summary>Writes the answer and says <see cref="Verdict.Answered"/>, or refuses.</summary>
    /// <param name="call">Its agent is known, and its parameters are the template's.</param>
    /// <param name="cancellationToken">The agent's going away.</param>
    ValueTask<Verdict> AnswerAsync(Call call, CancellationToken cancellationToken);
}
