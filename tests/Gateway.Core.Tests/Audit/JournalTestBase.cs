using System.Text.Json;
using Gateway.Core.Audit;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Tests.Audit;

/// <summary>A journal on a real directory, with intervals that suit a test.</summary>
public abstract class JournalTestBase : IDisposable
{
    protected JournalTestBase()
    {
        Root = Directory.CreateTempSubdirectory("gateway-audit-").FullName;
        AuditDirectory = Path.Combine(Root, "audit");
    }

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected string Root { get; }

    protected string AuditDirectory { get; init; }

    internal ListLogger Log { get; } = new();

    internal AuditKey Key { get; } = AuditKey.Parse(AuditKey.Generate());

    public void Dispose()
    {
        Key.Dispose();
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal JsonlCallJournal Create(Func<CallJournalOptions, CallJournalOptions>? change = null, IAuditSigner? signer = null, TimeProvider? clock = null)
    {
        var options = new CallJournalOptions
        {
            Directory = AuditDirectory,
            CheckInterval = TimeSpan.FromMilliseconds(25),
            OpenCallsPerRegion = 8,
            ShutdownTimeout = TimeSpan.FromSeconds(20),
        };
        return new JsonlCallJournal(change?.Invoke(options) ?? options, signer ?? Key, clock ?? TimeProvider.System, Log);
    }

    internal async Task<JsonlCallJournal> StartAsync(Func<CallJournalOptions, CallJournalOptions>? change = null, IAuditSigner? signer = null, TimeProvider? clock = null)
    {
        var journal = Create(change, signer, clock);
        await journal.StartAsync(Cancelled);
        return journal;
    }

    internal static void Record(JsonlCallJournal journal, int count)
    {
        Admit(journal, count);
        RecordAdmitted(journal, count);
    }

    internal static void Admit(JsonlCallJournal journal, int count)
    {
        for (var index = 0; index < count; index++)
        {
            Assert.True(journal.TryAdmit(), $"not admitted: {journal.Status}");
        }
    }

    internal static void RecordAdmitted(JsonlCallJournal journal, int count)
    {
        for (var index = 0; index < count; index++)
        {
            journal.Record(Calls.Refused("policy_denied", 403));
        }
    }

    internal async Task UntilAsync(Func<bool> condition, string what)
    {
        var end = TimeProvider.System.GetTimestamp() + (30 * TimeProvider.System.TimestampFrequency);
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetTimestamp() < end, $"Waited in vain: {what}\n{string.Join('\n', Log.Entries)}");
            await Task.Delay(5, Cancelled);
        }
    }

    protected string[] Segments(string? directory = null) => Directory.Exists(directory ?? AuditDirectory)
        ? [.. Directory.GetFiles(directory ?? AuditDirectory, CallSegmentName.Pattern).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The sequence numbers in the order of the files.</summary>
    protected IReadOnlyList<long> Sequences(string? directory = null) =>
        [.. Events(directory).Select(e => e.GetProperty("metadata").GetProperty("sequence").GetInt64())];

    /// <summary>The ids of what was recorded in the order of the files, without what the log says of itself.</summary>
    protected IReadOnlyList<string> Recorded(string? directory = null) =>
        [.. Events(directory).Where(e => !IsOfTheLog(e)).Select(e => e.GetProperty("metadata").GetProperty("uid").GetString()!)];

    /// <summary>Whether the log speaks of itself.</summary>
    protected static bool IsOfTheLog(JsonElement logged) => logged.GetProperty("class_uid").GetInt32() == 2004 || IsStatement(logged);

    /// <summary>Whether it holds a signed statement about the log.</summary>
    protected static bool IsStatement(JsonElement logged) =>
        logged.TryGetProperty("entity", out var entity) && entity.GetProperty("type").GetString()!.StartsWith("Audit ", StringComparison.Ordinal);

    /// <summary>The events in the order of the files; every line must be whole and JSON.</summary>
    protected IReadOnlyList<JsonElement> Events(string? directory = null)
    {
        var events = new List<JsonElement>();
        foreach (var segment in Segments(directory))
        {
            using var file = new FileStream(segment, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            Assert.True(text.Length == 0 || text[^1] == '\n', $"{segment} ends in an unfinished line");
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                events.Add(JsonSerializer.Deserialize<JsonElement>(line));
            }
        }

        return events;
    }

    /// <summary>So many calls, each once, in a sequence without gap.</summary>
    protected void AssertGapless(long count, string? directory = null)
    {
        Assert.Equal(count, Recorded(directory).Distinct().Count());
        Assert.Equal(count, Recorded(directory).Count);
        var sequences = Sequences(directory);
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(number => (long)number), sequences);
    }

    internal sealed class ListLogger : ILogger<JsonlCallJournal>
    {
        private readonly List<(int Id, string Text)> _entries = [];

        public IReadOnlyList<(int Id, string Text)> Entries
        {
            get
            {
                lock (_entries)
                {
                    return [.. _entries];
                }
            }
        }

        public bool Has(int id) => Entries.Any(entry => entry.Id == id);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_entries)
            {
                _entries.Add((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
