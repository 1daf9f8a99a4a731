using System.Text.RegularExpressions;

namespace Gateway.Core.Identity.Peers;

/// <summary>The control group that a process is in: its service or container, as the host's administrator set it up (cgroups(7)).</summary>
/// <param name="Path">From the root of the hierarchy, such as "/system.slice/billing.service".</param>
internal sealed partial record ControlGroup(string Path)
{
    private const string UnifiedLine = "0::";
    private const string SystemdLine = "name=systemd:";

    /// <summary>64 hexadecimal digits; null outside containers.</summary>
    /// <remarks>
    /// The outermost one counts: whoever is inside a container may be allowed to make groups below its own. Below
    /// "user.slice" users name groups as they like, so nothing there says that a container is what it is called.
    /// </remarks>
    public string? ContainerId { get; } = FindContainer(Path);

    /// <summary>Whether this is the group, or one below it.</summary>
    public bool IsWithin(string group) =>
        Path.StartsWith(group, StringComparison.Ordinal) && (Path.Length == group.Length || group.EndsWith('/') || Path[group.Length] == '/');

    /// <summary>Reads <c>/proc/PID/cgroup</c>: the line of version 2, or that of systemd's own hierarchy where it is the one in use.</summary>
    /// <returns>Null where there is no path, or one that leads out of the gateway's own view of the hierarchy.</returns>
    public static ControlGroup? Parse(string text)
    {
        string? unified = null;
        string? systemd = null;
        foreach (var line in text.Split('\n'))
        {
            var named = line.IndexOf(SystemdLine, StringComparison.Ordinal);
            if (line.StartsWith(UnifiedLine, StringComparison.Ordinal))
            {
                unified ??= line[UnifiedLine.Length..];
            }
            else if (named > 0 && line[..named].All(c => char.IsAsciiDigit(c) || c == ':'))
            {
                systemd ??= line[(named + SystemdLine.Length)..];
            }
        }

        // On a hybrid host the version 2 hierarchy exists and is not used.
        var path = unified is null or "/" ? systemd ?? unified : unified;
        return path is not null && path.StartsWith('/') && !path.Split('/').Contains("..") ? new ControlGroup(path) : null;
    }

    private static string? FindContainer(string path)
    {
        foreach (var segment in path.Split('/'))
        {
            if (segment == "user.slice")
            {
                return null;
            }

            if (Container().Match(segment) is { Success: true } match)
            {
                return match.Groups["id"].Value;
            }
        }

        return null;
    }

    /// <summary>As docker, containerd, CRI-O and podman name the groups of their containers, with systemd and without.</summary>
    [GeneratedRegex(@"\A((docker|cri-containerd|crio|libpod)-)?(?<id>[0-9a-f]{64})(\.scope)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Container();
}
