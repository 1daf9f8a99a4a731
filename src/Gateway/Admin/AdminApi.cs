using Gateway.Core.Audit.Index;
using Gateway.Core.Credentials;
using Gateway.Core.Tasks;

namespace Gateway.Admin;

/// <summary>The admin listener's <c>/v1</c>: each endpoint with the role that it takes.</summary>
internal sealed partial class AdminApi(
    AdminAuthenticator authenticator,
    TasksApi tasks,
    AgentsApi agents,
    LeasesApi leases,
    CallsApi calls,
    CallsStreamApi stream,
    PoliciesApi policies,
    ILogger<AdminApi> logger)
{
    public void Map(IEndpointRouteBuilder app)
    {
        Map(app, HttpMethods.Get, "/v1/tasks", AdminRole.Viewer, tasks.ListAsync);
        Map(app, HttpMethods.Post, "/v1/tasks", AdminRole.Operator, tasks.StartAsync);
        Map(app, HttpMethods.Get, "/v1/tasks/{id}", AdminRole.Viewer, tasks.ShowAsync);
        Map(app, HttpMethods.Post, "/v1/tasks/{id}/end", AdminRole.Operator, tasks.EndAsync);
        Map(app, HttpMethods.Get, "/v1/tasks/{id}/receipt", AdminRole.Viewer, tasks.ReceiptAsync);
        Map(app, HttpMethods.Get, "/v1/agents", AdminRole.Viewer, agents.ListAsync);
        Map(app, HttpMethods.Post, "/v1/agents/suspend", AdminRole.Operator, agents.SuspendAsync);
        Map(app, HttpMethods.Post, "/v1/agents/resume", AdminRole.Operator, agents.ResumeAsync);
        Map(app, HttpMethods.Get, "/v1/leases", AdminRole.Viewer, leases.ListAsync);
        Map(app, HttpMethods.Post, "/v1/leases/{id}/revoke", AdminRole.Operator, leases.RevokeAsync);
        Map(app, HttpMethods.Get, "/v1/calls", AdminRole.Viewer, calls.ListAsync);
        Map(app, HttpMethods.Get, "/v1/calls/stream", AdminRole.Viewer, stream.FollowAsync);
        Map(app, HttpMethods.Get, "/v1/calls/{id}", AdminRole.Viewer, calls.ShowAsync);
        Map(app, HttpMethods.Get, "/v1/policies", AdminRole.Viewer, policies.ListAsync);
        Map(app, HttpMethods.Post, "/v1/policies/evaluate", AdminRole.Viewer, policies.EvaluateAsync);

        // Whoever is not an operator learns nothing of what is there and what is not.
        app.MapFallback("/v1/{**rest}", context => AnswerAsync(
            context, AdminRole.Viewer, (_, _) => ValueTask.FromResult<AdminProblem?>(AdminProblem.NotFound("The admin API has nothing there."))));
    }

    private void Map(IEndpointRouteBuilder app, string method, string pattern, AdminRole role, AdminHandler handler) =>
        app.MapMethods(pattern, [method], context => AnswerAsync(context, role, handler));

    private async Task AnswerAsync(HttpContext context, AdminRole role, AdminHandler handler)
    {
        AdminProblem? problem;
        try
        {
            var caller = await authenticator.AuthenticateAsync(context.Request, context.RequestAborted);
            problem = caller is null ? AdminProblem.Unauthorized
                : caller.Role < role ? AdminProblem.Forbidden(role)
                : await handler(context, caller);
        }
        catch (Exception exception) when (exception is StateUnavailableException or LedgerUnavailableException)
        {
            StateUnavailable(logger, exception.Message);
            problem = AdminProblem.StateUnavailable("What was to end has ended, and nothing was started; the gateway goes on trying to write it down. The log says what is wrong.");
        }
        catch (CallIndexException exception)
        {
            IndexUnavailable(logger, exception.Message);
            problem = AdminProblem.IndexUnavailable("The index of the call log cannot be used; it is made anew as soon as it can be. The log says what is wrong, and 'gateway calls' without --admin reads the log's files themselves.");
        }

        if (problem is not null && !context.Response.HasStarted)
        {
            await problem.WriteAsync(context);
        }
    }

    [LoggerMessage(4083, LogLevel.Warning, "Calls could not be looked for: {Problem}", EventName = "IndexUnavailable")]
    private static partial void IndexUnavailable(ILogger logger, string problem);

    [LoggerMessage(1205, LogLevel.Error, "The gateway's state cannot be written: {Problem}", EventName = "StateUnavailable")]
    private static partial void StateUnavailable(ILogger logger, string problem);
}
