using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway exec -- COMMAND…</c>: runs a program that finds every configured tool behind the gateway.</summary>
internal static class ExecCommand
{
    private const int Hangup = 1;
    private const int Terminate = 15;
    private const int NotFound = 127;

    public static Command Create()
    {
        var config = CommandLine.ConfigOption();
        var url = new Option<string>("--url") { Description = "Where the gateway, or its sidecar, is reached. Default: the first listener of agents.", HelpName = "URL" };
        var program = new Argument<string[]>("COMMAND") { Description = "The program and its arguments, behind --.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("exec", "Runs COMMAND with GATEWAY_URL, <TOOL>_BASE_URL of each tool, OPENAI_BASE_URL and ANTHROPIC_BASE_URL set.") { config, url, program };
        command.SetAction((result, cancellationToken) => RunAsync(
            new ConfigurationOrigin(result.GetRequiredValue(config).FullName, []), result.GetValue(url), result.GetRequiredValue(program), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConfigurationOrigin origin, string? url, string[] program, CancellationToken cancellationToken)
    {
        var result = origin.Load(thorough: false);
        var errors = result.Errors.Where(e => result.Partial is null || e.Key.StartsWith("Gateway:Tools", StringComparison.OrdinalIgnoreCase) || e.Key.StartsWith("Gateway:Listeners", StringComparison.OrdinalIgnoreCase)).ToArray();
        StartupCheck.Print("error", errors);
        if (errors.Length > 0 || result.Partial is not { } options)
        {
            return ExitCode.Usage;
        }

        if ((url ?? ToolEnvironment.BaseUrlOf(options.Listeners)) is not { } baseUrl)
        {
            await Console.Error.WriteLineAsync("gateway: no listener has an address that programs can use as base URL: write --url with the address of one, or of a sidecar.");
            return ExitCode.Usage;
        }

        var start = new ProcessStartInfo(program[0], program[1..]) { UseShellExecute = false };
        foreach (var (name, value) in ToolEnvironment.Create(baseUrl, options.Tools))
        {
            start.Environment[name] = value;
        }

        try
        {
            return await RunAsync(start, cancellationToken);
        }
        catch (Win32Exception exception)
        {
            await Console.Error.WriteLineAsync($"gateway: {program[0]} cannot be run: {exception.Message}");
            return NotFound;
        }
    }

    private static async Task<int> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = start };

        // A terminal sends these to the program as well; it decides what they mean.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true);

        // These it would not get, and is not to survive this process by: one that comes early waits for the start.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => HandOn(context, Terminate));
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => HandOn(context, Hangup));
        process.Start();
        started.SetResult();
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;

        void HandOn(PosixSignalContext context, int signal)
        {
            context.Cancel = true;
            _ = started.Task.ContinueWith(_ => Send(process, signal), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static void Send(Process process, int signal)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, signal);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
