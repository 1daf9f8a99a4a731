using Gateway.Admin;
using Gateway.Pipeline;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace Gateway.Hosting;

/// <summary>Puts the gateway into an ASP.NET Core application.</summary>
internal static class GatewayApplication
{
    /// <summary>Serves calls on the agents' listeners, and health on the admin listener.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        var plan = app.Services.GetRequiredService<StartupPlan>();
        var runtime = app.Services.GetRequiredService<RuntimeConfiguration>();
        var pipeline = app.Services.GetRequiredService<CallPipeline>();
        runtime.Prepare(plan);

        // Ahead of routing: calls are routed from the raw request target, never from the decoded path.
        app.Use((context, next) => context.Features.Get<ListenerFeature>()?.Role switch
        {
            ListenerRole.Agents => pipeline.InvokeAsync(context),
            ListenerRole.Admin => next(context),
            _ => NotFoundAsync(context),
        });
        app.UseRouting();
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthResponse.WriteAsync });
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { ResponseWriter = HealthResponse.WriteAsync });
        app.Services.GetRequiredService<AdminApi>().Map(app);
        app.MapReverseProxy(proxy =>
        {
            // YARP's routes are entered through the pipeline alone; a path that ASP.NET Core itself matched has seen no policy.
            proxy.Use((context, next) =>
            {
                if (context.Features.Get<Call>() is { MayProceed: true })
                {
                    return next(context);
                }

                return NotFoundAsync(context);
            });
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        runtime.Start(plan, ((IEndpointRouteBuilder)app).DataSources);
        return app;
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
