using System.Globalization;
using Gateway.Core.Audit.Verification;

namespace Gateway.Cli;

/// <summary>A verification's result as text: the findings, the counts, the first broken record, the verdict.</summary>
internal static class VerificationText
{
    /// <summary>What rule 5 of <c>deploy/call-log.md</c> allows. A clock that was set or a full disk exceeds it too, so that it is told and no finding.</summary>
    private const long UsualWait = 5000;

    public static void Write(LogReport report, TextWriter output)
    {
        foreach (var finding in report.Findings.Kept.OrderBy(finding => finding.First))
        {
            output.WriteLine(Describe(finding));
        }

        if (report.Findings.Count > report.Findings.Kept.Count)
        {
            output.WriteLine($"... and {report.Findings.Count - report.Findings.Kept.Count} more.");
        }

        WriteCounts(report, output);
        if (report.Findings.FirstBroken is { } first)
        {
            output.WriteLine($"first broken record: {first}");
        }

        output.WriteLine(report.IsIntact ? "The log is intact." : $"The log is NOT intact: {report.Findings.Count} finding{(report.Findings.Count == 1 ? "" : "s")}.");
    }

    private static string Describe(Finding finding)
    {
        var place = finding.Segment is null ? "" : finding.Line > 0 ? $"{finding.Segment}:{finding.Line}: " : $"{finding.Segment}: ";
        var records = finding.First == 0 ? "" : finding.First == finding.Last ? $"record {finding.First}: " : $"one of the records {finding.First} to {finding.Last}: ";
        if (finding.Kind is FindingKind.Missing or FindingKind.Truncated && finding.First < finding.Last)
        {
            records = $"records {finding.First} to {finding.Last}: ";
        }

        return $"{place}{records}{Word(finding.Kind)}: {finding.Text}.";
    }

    private static string Word(FindingKind kind) => kind switch
    {
        FindingKind.Missing => "missing",
        FindingKind.Altered => "altered",
        FindingKind.Reordered => "out of order",
        FindingKind.Duplicated => "duplicated",
        FindingKind.Truncated => "cut off",
        FindingKind.Signature => "not signed by the gateway",
        FindingKind.Foreign => "spliced in",
        FindingKind.Malformed => "malformed",
        _ => "file",
    };

    private static void WriteCounts(LogReport report, TextWriter output)
    {
        var classes = string.Join(", ", report.Classes.Select(each => $"{ClassName(each.Key)} {each.Value}"));
        output.WriteLine($"segments: {report.Segments}");
        output.WriteLine($"records: {report.Records}{(classes.Length == 0 ? "" : $" ({classes})")}");
        if (report.Records > 0)
        {
            output.WriteLine($"sequence: {report.FirstSequence} to {report.LastSequence}");
            output.WriteLine($"time: {Time(report.FirstTime)} to {Time(report.LastTime)}");
        }

        output.WriteLine($"checkpoints verified: {report.Checkpoints}{(report.Head is { } head ? $", and {LogDirectory.HeadName} about record {head}" : "")}");
        if (report.KeptFound + report.KeptGone > 0)
        {
            output.WriteLine($"checkpoints kept elsewhere: {report.KeptFound} agree{(report.KeptGone == 0 ? "" : $", {report.KeptGone} about records that retention has deleted")}");
        }

        output.WriteLine($"unsigned at the end: {report.Unsigned}{(report.UnfinishedBytes == 0 ? "" : $", and an unfinished line of {report.UnfinishedBytes} bytes")}");
        if (report.LongestUnsigned > UsualWait)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"note: a record waited {report.LongestUnsigned / 1000.0:0.0} s for its signature; usually it is one second."));
        }
    }

    private static string ClassName(long id) => id switch
    {
        6003 => "6003 calls",
        3002 => "3002 refused identities",
        3004 => "3004 entity events",
        2004 => "2004 alerts",
        _ => "others",
    };

    private static string Time(long milliseconds) => milliseconds is > 0 and < 253_402_300_800_000
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : "unknown";
}
