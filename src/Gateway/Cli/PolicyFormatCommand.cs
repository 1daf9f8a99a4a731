using System.CommandLine;
using System.Text;
using Gateway.Cedar;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>gateway policy format [--check] FILES…</c>: lays policy files out in one way.</summary>
internal static class PolicyFormatCommand
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Command Create()
    {
        var files = new Argument<string[]>("FILES") { Description = "The files; without any, those of the configuration's policy directory.", Arity = ArgumentArity.ZeroOrMore };
        var config = CommandLine.ConfigOption();
        var check = new Option<bool>("--check") { Description = "Changes nothing; names the files that are not formatted, and exits 1 if there are any." };
        var command = new Command("format", "Formats policy files in place.") { files, config, check };
        command.SetAction(result => Format(result.GetValue(files) ?? [], result.GetRequiredValue(config).FullName, result.GetValue(check)));
        return command;
    }

    private static int Format(string[] files, string config, bool onlyCheck)
    {
        if (files.Length == 0 && !TryFindFiles(config, out files))
        {
            return ExitCode.Usage;
        }

        var (unformatted, failed) = (0, false);
        foreach (var file in files)
        {
            try
            {
                var text = File.ReadAllText(file, StrictUtf8);
                var result = PolicyFormatter.Format(text, file);
                if (!result.Succeeded)
                {
                    failed = true;
                    Console.Error.WriteLine(string.Join('\n', result.Diagnostics));
                }
                else if (result.Value != text)
                {
                    unformatted++;
                    Console.WriteLine(file);
                    Replace(file, result.Value, onlyCheck);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException)
            {
                failed = true;
                Console.Error.WriteLine($"error: {file}: {(exception is DecoderFallbackException ? "is not UTF-8." : exception.Message)}");
            }
        }

        return failed ? ExitCode.Usage : onlyCheck && unformatted > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private static bool TryFindFiles(string config, out string[] files)
    {
        files = [];
        var result = new ConfigurationOrigin(config, []).Load(thorough: false);
        if (result.Partial is not { } options || !Directory.Exists(options.Policy.Directory))
        {
            StartupCheck.Print("error", result.Errors);
            return false;
        }

        files = [.. Directory.EnumerateFiles(options.Policy.Directory, "*.cedar").Order(StringComparer.Ordinal)];
        return true;
    }

    /// <summary>Writes beside the file and renames: a gateway that reads it meanwhile finds the old or the new one, whole.</summary>
    private static void Replace(string file, string text, bool onlyCheck)
    {
        if (onlyCheck)
        {
            return;
        }

        var target = new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, text, StrictUtf8);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
