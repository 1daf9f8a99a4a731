using System.CommandLine;

namespace Gateway.Cli;

/// <summary><c>gateway policy check | schema | explain | format</c>: policies, without a running gateway.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new("policy", "Checks, explains and formats policies, without a running gateway.")
    {
        PolicyCheckCommand.Create(),
        PolicySchemaCommand.Create(),
        PolicyExplainCommand.Create(),
        PolicyFormatCommand.Create(),
    };
}
