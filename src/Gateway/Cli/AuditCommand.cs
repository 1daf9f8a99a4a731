using System.CommandLine;

namespace Gateway.Cli;

/// <summary><c>gateway audit verify</c>: the call log's files, without a running gateway.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Verifies the call log, without a running gateway.") { AuditVerifyCommand.Create() };
}
