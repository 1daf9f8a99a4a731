using Gateway.Core.Tasks;
using Gateway.Hosting;
using Gateway.Tasks;

namespace Gateway.Admin;

/// <summary><c>/v1/tasks</c>.</summary>
internal sealed class TasksApi(
    TaskRegistry tasks, ITaskStore store, TaskStarter starter, TaskEnder ender, TaskLeases leases, ReceiptSigner signer, SnapshotSource snapshots)
{
    private static readonly string[] StartMembers = ["agent", "purpose", "lifetime", "tools", "scopes", "user", "parent"];
    private static readonly string[] EndMembers = ["reason"];

    /// <summary>Those that run and those that ended lately, newest first; <c>?agent=</c> and <c>?status=running|ended</c> narrow it.</summary>
    public async ValueTask<AdminProblem?> ListAsync(HttpContext context, AdminCaller caller)
    {
        var agent = context.Request.Query["agent"].ToString();
        var status = context.Request.Query["status"].ToString();
        if (status is not ("" or "running" or "ended"))
        {
            return AdminProblem.Malformed("'status' takes running or ended.");
        }

        var listed = tasks.All
            .Where(t => agent.Length == 0 || t.Definition.Agent == agent)
            .Where(t => status.Length == 0 || t.End is null == (status == "running"))
            .OrderByDescending(t => t.Definition.StartedAt);
        await JsonAnswer.WriteAsync(
            context.Response,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("tasks");
                foreach (var task in listed)
                {
                    TaskJson.Write(json, task.Definition, task.End, task.Calls);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            },
            context.RequestAborted);
        return null;
    }

    public async ValueTask<AdminProblem?> StartAsync(HttpContext context, AdminCaller caller)
    {
        var (body, problem) = await JsonBody.ReadAsync(context.Request, StartMembers, context.RequestAborted);
        if (body is null)
        {
            return AdminProblem.Malformed(problem);
        }

        var asked = new TaskQuestion
        {
            Agent = body.Text("agent") ?? "",
            By = caller.Name,
            Purpose = body.Text("purpose") ?? "",
            Lifetime = body.Duration("lifetime"),
            Tools = body.Texts("tools"),
            Scopes = body.Texts("scopes"),
            User = body.Text("user"),
            Parent = body.Text("parent"),
        };
        var start = body.Problem is { } member ? TaskStart.Refuse(member) : await starter.StartAsync(asked, null, snapshots.Current, context.RequestAborted);
        if (!start.Succeeded)
        {
            var why = start.Problem ?? "The task cannot be started.";
            return start.Kind == TaskStartProblem.TooMany ? AdminProblem.RateLimited(why) : AdminProblem.Malformed(why);
        }

        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/v1/tasks/{start.Task.Id}";
        await JsonAnswer.WriteAsync(context.Response, json => TaskJson.Write(json, start.Task.Definition, null, 0), context.RequestAborted);
        return null;
    }

    public async ValueTask<AdminProblem?> ShowAsync(HttpContext context, AdminCaller caller)
    {
        var id = IdOf(context);
        var live = tasks.TryFind(id, out var task) ? task : null;
        if ((live is null ? await store.FindAsync(id, context.RequestAborted) : new RememberedTask(live.Definition, live.End)) is not { } found)
        {
            return Unknown;
        }

        await JsonAnswer.WriteAsync(context.Response, json => TaskJson.Write(json, found.Definition, found.End, live?.Calls), context.RequestAborted);
        return null;
    }

    /// <summary>Of a task that has ended already, the receipt of its end.</summary>
    public async ValueTask<AdminProblem?> EndAsync(HttpContext context, AdminCaller caller)
    {
        var (body, problem) = await JsonBody.ReadAsync(context.Request, EndMembers, context.RequestAborted);
        if (body is null)
        {
            return AdminProblem.Malformed(problem);
        }

        var name = body.Text("reason") ?? TaskEndReason.Completed.Name();
        if (body.Problem is not null
            || !TaskEndReasons.TryParse(name, out var reason)
            || reason is not (TaskEndReason.Completed or TaskEndReason.Interrupted or TaskEndReason.Killed))
        {
            return AdminProblem.Malformed(body.Problem ?? "'reason' must be \"completed\", \"interrupted\" or \"killed\".");
        }

        if (!tasks.TryFind(IdOf(context), out var task))
        {
            return await AnswerReceiptAsync(context, mustBeSigned: false);
        }

        var receipt = await ender.EndAsync(task, reason, $"Ended by {caller.Name}.", caller.Name, context.RequestAborted);
        return await AnswerAsync(context, receipt, mustBeSigned: false);
    }

    /// <summary>Always signed: whoever asks for it later wants the evidence, and might not look whether it is any.</summary>
    public ValueTask<AdminProblem?> ReceiptAsync(HttpContext context, AdminCaller caller) => AnswerReceiptAsync(context, mustBeSigned: true);

    private async ValueTask<AdminProblem?> AnswerReceiptAsync(HttpContext context, bool mustBeSigned)
    {
        var id = IdOf(context);
        var found = tasks.TryFind(id, out var task) ? new RememberedTask(task.Definition, task.End) : await store.FindAsync(id, context.RequestAborted);
        if (found is null)
        {
            return Unknown;
        }

        if (found.End is not { } end)
        {
            return AdminProblem.Conflict("The task has not ended, so there is no receipt.");
        }

        return await AnswerAsync(context, await leases.ReceiptAsync(found.Definition, end, context.RequestAborted), mustBeSigned);
    }

    private async ValueTask<AdminProblem?> AnswerAsync(HttpContext context, TaskReceipt receipt, bool mustBeSigned)
    {
        var signature = await signer.TrySignAsync(receipt, context.RequestAborted);
        if (signature is null && mustBeSigned)
        {
            return AdminProblem.AuditUnavailable("The task has ended. Its receipt cannot be signed now: ask again.");
        }

        await JsonAnswer.WriteAsync(context.Response, json => TaskJson.Write(json, receipt, signature), context.RequestAborted);
        return null;
    }

    private static AdminProblem Unknown => AdminProblem.NotFound("There is no task with this id, or it was forgotten.");

    private static string IdOf(HttpContext context) => context.Request.RouteValues["id"] as string ?? "";
}
