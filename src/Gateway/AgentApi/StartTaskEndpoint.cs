using Gateway.Core.Tasks;
using Gateway.Identity;
using Gateway.Pipeline;
using Gateway.Tasks;

namespace Gateway.AgentApi;

/// <summary>Starts a task of the calling agent; or, as a part of a task that it may use, one of another agent.</summary>
internal sealed class StartTaskEndpoint(TaskStarter starter, TransactionTokens transactions) : IAgentEndpoint
{
    private static readonly string[] Members = ["purpose", "lifetime", "tools", "scopes", "parent", "agent"];

    public string Name => "tasks.start";

    public string Template => "POST /tasks";

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

        var (transaction, refusal) = await transactions.ReadAsync(call, agent, cancellationToken);
        if (refusal is not null)
        {
            return Verdict.Refuse(refusal);
        }

        var asked = new TaskQuestion
        {
            Agent = body.Text("agent") ?? agent.Id,
            By = agent.Id,
            Purpose = body.Text("purpose") ?? "",
            Lifetime = body.Duration("lifetime"),
            Tools = body.Texts("tools"),
            Scopes = body.Texts("scopes"),
            Parent = body.Text("parent"),
            Transaction = transaction,
        };
        var start = body.Problem is { } member ? TaskStart.Refuse(member) : await starter.StartAsync(asked, agent, call.Snapshot, cancellationToken);
        if (!start.Succeeded)
        {
            return Verdict.Refuse(ReasonOf(start.Kind), start.Problem ?? "The task cannot be started.");
        }

        call.Http.Response.StatusCode = StatusCodes.Status201Created;
        call.Http.Response.Headers.Location = $"{AgentApiStage.Root}/tasks/{start.Task.Id}";
        await JsonAnswer.WriteAsync(call.Http.Response, json => TaskJson.Write(json, start.Task.Definition, null, 0), cancellationToken);
        return Verdict.Answered;
    }

    /// <summary>A parent is refused as the task of a call is.</summary>
    private static Reason ReasonOf(TaskStartProblem problem) => problem switch
    {
        TaskStartProblem.ParentUnknown => Reason.TaskUnknown,
        TaskStartProblem.ParentEnded => Reason.TaskEnded,
        TaskStartProblem.AgentSuspended => Reason.AgentSuspended,
        TaskStartProblem.TooMany => Reason.RateLimited,
        _ => Reason.RequestMalformed,
    };
}
