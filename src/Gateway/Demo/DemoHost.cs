
using System.Net;

namespace Gateway.Demo;

/// <summary>A quiet web application for the demo's own servers.</summary>
internal static class DemoHost
{
    public static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        return builder.Build();
    }
}
