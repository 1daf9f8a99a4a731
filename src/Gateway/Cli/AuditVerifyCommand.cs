using System.CommandLine;
using Gateway.Core.Audit.Verification;

namespace Gateway.Cli;

/// <summary><c>gateway audit verify DIR [--public-key FILE] [--checkpoint FILE]</c>: whether the call log is what the gateway wrote.</summary>
internal static class AuditVerifyCommand
{
    public const string Name = "verify";

    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "The log's directory, or a copy of it." };
        var keys = new Option<FileInfo[]>("--public-key")
        {
            Description = "Public keys of the gateway in PEM; may be given several times. Without it, audit-key.pub in DIR, which vouches for nothing where DIR itself is in doubt.",
            HelpName = "FILE",
        };
        var checkpoints = new Option<FileInfo[]>("--checkpoint")
        {
            Description = "A checkpoint kept elsewhere, such as a SIEM's copy of one or an export of many; the log must contain what it vouches for. May be given several times.",
            HelpName = "FILE",
        };
        var command = new Command(Name, "Checks the chain and the signed checkpoints of a call log; exit code 0 where it is intact, else 1, also for a mistake in the command line.") { directory, keys, checkpoints };
        command.SetAction(result => Verify(result.GetRequiredValue(directory).FullName, result.GetValue(keys) ?? [], result.GetValue(checkpoints) ?? []));
        return command;
    }

    private static int Verify(string directory, FileInfo[] keyFiles, FileInfo[] checkpointFiles)
    {
        using var keys = new VerificationKeys();
        var kept = new List<string>();
        if (!TryReadKeys(directory, keyFiles, keys) || !checkpointFiles.All(file => TryRead(file.FullName, () => kept.AddRange(KeptStatements.Find(file.FullName)))))
        {
            return ExitCode.Failure;
        }

        LogReport report;
        try
        {
            report = new LogVerifier(directory, keys, kept).Verify();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {Printable.Of(exception.Message)}");
            return ExitCode.Failure;
        }

        VerificationText.Write(report, Console.Out);
        return report.IsIntact ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool TryReadKeys(string directory, FileInfo[] files, VerificationKeys keys)
    {
        if (files.Length > 0)
        {
            return files.All(file => TryRead(file.FullName, () => keys.AddFile(file.FullName)));
        }

        var besides = Path.Combine(directory, LogDirectory.KeysName);
        if (!File.Exists(besides))
        {
            Console.Error.WriteLine($"gateway: {Printable.Of(besides)} does not exist. Give the gateway's public key with --public-key FILE: audit-key.pub of its data directory, or the copy that the auditor keeps.");
            return false;
        }

        Console.WriteLine($"Keys: {Printable.Of(besides)}. Whoever can change the log can change this file too: an auditor gives a copy of his own with --public-key.");
        return TryRead(besides, () => keys.AddFile(besides));
    }

    private static bool TryRead(string file, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"gateway: {Printable.Of(file)}: {Printable.Of(exception.Message)}");
            return false;
        }
    }
}
