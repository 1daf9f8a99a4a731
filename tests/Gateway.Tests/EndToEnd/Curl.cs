namespace Gateway.Tests.EndToEnd;

/// <summary>The command that everybody tries first.</summary>
internal static class Curl
{
    public static ChildProcess Start(params string[] arguments) =>
        ChildProcess.Start("curl", ["--silent", "--show-error", "--noproxy", "*", "--max-time", "20", .. arguments]);
}
