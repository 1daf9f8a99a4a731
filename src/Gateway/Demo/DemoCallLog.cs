using System.Text.Json;

namespace Gateway.Demo;

/// <summary>Reads the call log as a SOC's collector would: from its files.</summary>
internal sealed class DemoCallLog(string directory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Directory => directory;

    /// <summary>Waits for the record of a call; records follow their calls by milliseconds.</summary>
    /// <exception cref="TimeoutException">There is none.</exception>
    public async Task<JsonElement> FindAsync(string callId, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!patience.IsCancellationRequested)
        {
            if (Find(callId) is { } record)
            {
                return record;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }

        throw new TimeoutException($"Call {callId} is not in the call log.");
    }

    private JsonElement? Find(string callId)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(directory, "calls-*.jsonl"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                if (line.Contains(callId, StringComparison.Ordinal) && line.EndsWith('}'))
                {
                    return JsonSerializer.Deserialize<JsonElement>(line);
                }
            }
        }

        return null;
    }
}
