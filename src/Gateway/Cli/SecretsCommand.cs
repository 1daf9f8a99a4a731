using System.CommandLine;
using System.Globalization;
using Gateway.Core.Credentials;
using Gateway.Hosting;
using Gateway.Integrations.Secrets;

namespace Gateway.Cli;

/// <summary><c>gateway secrets set NAME | list | remove NAME</c>: the embedded encrypted store. Values go in and never come out.</summary>
internal static class SecretsCommand
{
    private const int MaxValueBytes = 64 * 1024;

    public static Command Create() => new("secrets", "The embedded encrypted store that secret:NAME refers to; values are write-only.")
    {
        Set(),
        List(),
        Remove(),
    };

    private static Command Set()
    {
        var (config, data, name) = (CommandLine.ConfigOption(), DataOption(), NameArgument());
        var command = new Command("set", "Stores a secret; its value is read from standard input (one newline at its end is dropped).") { name, config, data };
        command.SetAction((result, cancellationToken) => GuardAsync(async () =>
        {
            if (!Console.IsInputRedirected)
            {
                await Console.Error.WriteLineAsync("Type or paste the value, then press Ctrl+D:");
            }

            await using var input = Console.OpenStandardInput();
            if (await ReadValueAsync(input, cancellationToken) is not { } value)
            {
                await Console.Error.WriteLineAsync("gateway: a secret is text of 1 byte to 64 KiB; pipe it in: printf %s \"$VALUE\" | gateway secrets set NAME");
                return ExitCode.Usage;
            }

            await Open(result.GetValue(data), result.GetRequiredValue(config))
                .SetAsync(result.GetRequiredValue(name), value, cancellationToken);
            Console.WriteLine($"Stored; refer to it as secret:{result.GetRequiredValue(name)}.");
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command List()
    {
        var (config, data) = (CommandLine.ConfigOption(), DataOption());
        var command = new Command("list", "Names and ages of the secrets.") { config, data };
        command.SetAction((result, cancellationToken) => GuardAsync(async () =>
        {
            var entries = await Open(result.GetValue(data), result.GetRequiredValue(config)).ListAsync(cancellationToken);
            if (entries.Count == 0)
            {
                await Console.Error.WriteLineAsync("gateway: the store has no secrets.");
            }

            foreach (var entry in entries)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Name}\tset {entry.SetAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"));
            }

            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Remove()
    {
        var (config, data, name) = (CommandLine.ConfigOption(), DataOption(), NameArgument());
        var command = new Command("remove", "Removes a secret.") { name, config, data };
        command.SetAction((result, cancellationToken) => GuardAsync(async () =>
        {
            if (await Open(result.GetValue(data), result.GetRequiredValue(config)).RemoveAsync(result.GetRequiredValue(name), cancellationToken))
            {
                Console.WriteLine("Removed.");
                return ExitCode.Success;
            }

            await Console.Error.WriteLineAsync("gateway: there is no secret of that name; 'gateway secrets list' shows those there are.");
            return ExitCode.Failure;
        }));
        return command;
    }

    private static EncryptedSecretStore Open(DirectoryInfo? data, FileInfo config)
    {
        var directory = data?.FullName ?? PlanLoader.DataDirectory(new ConfigurationOrigin(config.FullName, []));
        return new EncryptedSecretStore(directory, TimeProvider.System);
    }

    private static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (exception is SecretUnavailableException or ArgumentException or IOException or UnauthorizedAccessException or FormatException)
        {
            await Console.Error.WriteLineAsync($"gateway: {exception.Message.Split(" (Parameter", 2)[0]}");
            return ExitCode.Usage;
        }
    }

    /// <returns>Null where the input is empty, too long or not UTF-8.</returns>
    private static async Task<SecretValue?> ReadValueAsync(Stream input, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[4096];
        int read;
        while ((read = await input.ReadAsync(chunk, cancellationToken)) > 0)
        {
            await buffer.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            if (buffer.Length > MaxValueBytes + 2)
            {
                return null;
            }
        }

        try
        {
            var text = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
            text = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
            return text.Length == 0 ? null : new SecretValue(text);
        }
        catch (System.Text.DecoderFallbackException)
        {
            return null;
        }
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "Letters, digits, '.', '_' and '-'." };

    private static Option<DirectoryInfo?> DataOption() => new("--data")
    {
        Description = "The data directory; default is the configuration's DataDirectory.",
        HelpName = "DIR",
    };
}
