using System.Runtime.CompilerServices;
using System.Text;
using Gateway.Core.Audit.Index;
using Gateway.Core.Audit.Reading;

namespace Gateway.Calls;

/// <summary>Looks for calls in the log's files themselves, without a gateway or an index: slower, and just as right.</summary>
internal sealed class CallLogScan(string directory, CallFilter filter, TimeProvider timeProvider)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The newest calls, newest first.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IEnumerable<string> Newest()
    {
        var segments = CallLogFiles.Segments(directory);
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            // Written to for the last time before that moment, it holds no call that began after.
            if (filter.Since is { } since && CallLogFiles.LastWrite(directory, segments[i]) < since)
            {
                yield break;
            }

            var end = i + 1 < segments.Count ? segments[i + 1] : long.MaxValue;
            foreach (var found in Enumerable.Reverse(Segment(segments[i], end)))
            {
                yield return found;
            }
        }
    }

    /// <summary>Calls as they are logged, oldest first: from the filter's time on, or from now.</summary>
    public async IAsyncEnumerable<string> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = filter.Since is null && CallLogFiles.Segments(directory) is [.., var newest] ? newest - 1 : 0;
        using var reader = new CallLogReader(directory, last);
        var isSkipping = filter.Since is null;
        while (true)
        {
            var lines = reader.Read();
            foreach (var line in lines)
            {
                if (!isSkipping && IsWanted(line))
                {
                    yield return Text(line);
                }
            }

            if (lines.Count == 0)
            {
                isSkipping = false;
                await Task.Delay(PollInterval, timeProvider, cancellationToken);
            }
        }
    }

    private List<string> Segment(long first, long end)
    {
        var found = new List<string>();
        using var reader = new CallLogReader(directory, first - 1);
        while (reader.Read() is { Count: > 0 } lines && lines[0].Sequence < end)
        {
            found.AddRange(lines.Where(line => line.Sequence < end && IsWanted(line)).Select(line => Text(line)));
        }

        return found;
    }

    private static string Text(CallLogLine line) => Encoding.UTF8.GetString(line.Json.Span);

    private bool IsWanted(CallLogLine line) => CallFactsReader.TryRead(line.Json.Span, out var facts) && filter.Matches(facts);
}
