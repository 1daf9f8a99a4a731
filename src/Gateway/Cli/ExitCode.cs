namespace Gateway.Cli;

/// <summary>What the process says of itself to its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>The configuration or the command line is wrong. Only <c>audit verify</c> has no other than 0 and 1.</summary>
    public const int Usage = 2;
}
