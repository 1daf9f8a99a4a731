using Gateway.Core.Tasks;
using Gateway.Pipeline;
using Gateway.Tasks;

namespace Gateway.AgentApi;

/// <summary>Ends a task of the calling agent, and answers its receipt.</summary>
internal sealed class EndTaskEndpoint(TaskRegistry tasks, TaskEnder ender, ReceiptSigner signer) : IAgentEndpoint
{
    private static readonly string[] Members = ["reason"];

    public string Name => "tasks.end";

    public string Template => "POST /tasks/{id}/end";

    public async ValueTask<Verdict> AnswerAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Agent is not { } agent)
        {
            return default;
        }

        var (body, problem) = await JsonBody.ReadAsync(call.Http.Request, Members, cancellationToken);
        if (body is null)
        {
            return Verdict.Refuse(problem);
        }

        var name = body.Text("reason") ?? TaskEndReason.Completed.Name();

        // An agent that could say that it was killed could have its receipt say so.
        if (body.Problem is not null || !TaskEndReasons.TryParse(name, out var reason) || reason is not (TaskEndReason.Completed or TaskEndReason.Interrupted))
        {
            return Verdict.Refuse(Reason.RequestMalformed, body.Problem ?? "'reason' must be \"completed\" or \"interrupted\".");
        }

        if (!tasks.TryFind(call.Parameters[0].Value, out var task) || !TaskOwnership.MayUse(agent, task))
        {
            return Verdict.Refuse(TaskRefusals.Unknown(task));
        }

        var receipt = await ender.EndAsync(task, reason, "Its agent ended it.", agent.Id, cancellationToken);
        var signature = await signer.TrySignAsync(receipt, cancellationToken);
        await JsonAnswer.WriteAsync(call.Http.Response, json => TaskJson.Write(json, receipt, signature), cancellationToken);
        return Verdict.Answered;
    }
}
