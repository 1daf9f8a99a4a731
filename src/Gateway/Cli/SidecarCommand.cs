using System.CommandLine;
using System.Net.Sockets;
using Gateway.Integrations.Linux;
using Gateway.Sidecar;

namespace Gateway.Cli;

/// <summary><c>gateway sidecar --gateway URL …</c>: gives an agent that can only call a URL the identity of its workload.</summary>
internal static partial class SidecarCommand
{
    public static Command Create()
    {
        var flags = new SidecarFlags();
        var command = new Command("sidecar", "Listens on loopback or a Unix socket, attaches the workload's identity to each request and forwards it to the gateway.");
        foreach (var option in flags.All)
        {
            command.Add(option);
        }

        command.SetAction((result, cancellationToken) => RunAsync(flags.Read(result), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync((SidecarSettings? Settings, IReadOnlyList<string> Problems) read, CancellationToken cancellationToken)
    {
        foreach (var problem in read.Problems)
        {
            await Console.Error.WriteLineAsync($"{(read.Settings is null ? "error" : "warning")}: {problem}");
        }

        if (read.Settings is not { } settings)
        {
            return ExitCode.Usage;
        }

        if (settings.Listen.SocketPath is { } path && UnixListenSocket.FindProblem(path) is { } taken)
        {
            await Console.Error.WriteLineAsync($"error: --listen: {path} {taken}");
            return ExitCode.Usage;
        }

        await using var app = SidecarHost.Build(settings);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"error: --listen: {exception.Message}");
            return ExitCode.Usage;
        }

        Serving(app.Logger, settings.Listen.SocketPath ?? app.Urls.First(), settings.GatewaySocket ?? settings.Gateway.ToString());
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Success;
    }

    [LoggerMessage(1153, LogLevel.Information, "Forwarding from {Listen} to {Gateway}", EventName = "SidecarServing")]
    private static partial void Serving(ILogger logger, string listen, string gateway);
}
