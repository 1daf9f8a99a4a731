using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Identity;

/// <summary>A cluster's API server as far as TokenReview goes: it vouches for one user until that user's pod is gone.</summary>
internal sealed class ReviewServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ReviewServer(WebApplication application) => _application = application;

    public string Url => _application.Urls.Single();

    public bool PodIsGone { get; set; }

    public static async Task<ReviewServer> StartAsync(string user)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var server = new ReviewServer(application);
        application.MapPost("/apis/authentication.k8s.io/v1/tokenreviews", async context =>
        {
            var review = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
            object status = server.PodIsGone
                ? new { error = "pod is gone" }
                : new { authenticated = true, user = new { username = user }, audiences = review.GetProperty("spec").GetProperty("audiences") };
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteAsJsonAsync(new { kind = "TokenReview", status });
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
