using System.Net;
using Gateway.Core.Tests.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Integrations.Tests.Oidc;

/// <summary>A real issuer's two documents on a real port; a test replaces either.</summary>
internal sealed class TestIssuerServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _requests;

    private TestIssuerServer(WebApplication application) => _application = application;

    public string Issuer => _application.Urls.Single();

    public int Requests => Volatile.Read(ref _requests);

    public RequestDelegate Discovery { get; set; } = _ => Task.CompletedTask;

    public RequestDelegate Keys { get; set; } = _ => Task.CompletedTask;

    public static async Task<TestIssuerServer> StartAsync(params TestIssuer[] issuers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var server = new TestIssuerServer(application);
        application.Use((HttpContext context, RequestDelegate next) =>
        {
            Interlocked.Increment(ref server._requests);
            return next(context);
        });
        application.MapGet("/.well-known/openid-configuration", context => server.Discovery(context));
        application.MapGet("/jwks", context => server.Keys(context));
        await application.StartAsync(TestContext.Current.CancellationToken);
        server.Discovery = Text($$"""{"issuer":"{{server.Issuer}}","jwks_uri":"{{server.Issuer}}/jwks"}""");
        server.Keys = Text(TestIssuer.JwkSet(issuers));
        return server;
    }

    public static RequestDelegate Text(string text, int status = 200) => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text);
    };

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
