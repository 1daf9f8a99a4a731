using System.Security.Cryptography;

namespace Gateway.Sidecar;

/// <summary>Something made of files that are replaced while the sidecar runs.</summary>
/// <remarks>
/// Looks rather than listens: projected files change behind a symbolic link, which file system events do not tell. A change
/// counts when it has been the same for two looks, so that nobody is in the midst of writing.
/// </remarks>
/// <param name="paths">All of them are read together.</param>
/// <param name="make">Null where the contents are no good.</param>
/// <param name="clock">When to look.</param>
/// <param name="logger">Where it is said that something is wrong, without a word of the contents.</param>
internal sealed partial class RotatingFiles<T>(IReadOnlyList<string> paths, Func<IReadOnlyList<byte[]>, T?> make, TimeProvider clock, ILogger logger) : BackgroundService
    where T : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long the last good state serves while the files are missing or no good.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private const int MaxFileBytes = 1 << 20;

    private T? _current;
    private string? _adopted;
    private string? _previous;
    private long _lastGood;
    private bool _isBad;

    /// <summary>Null while the files are missing or no good.</summary>
    public T? Current => Volatile.Read(ref _current);

    /// <summary>Looks once.</summary>
    public void Look()
    {
        var contents = Read();
        var stamp = contents is null ? null : Convert.ToHexString(Hash(contents));
        if (stamp is not null && stamp == _adopted)
        {
            SawGood();
        }
        else if (contents is not null && (_adopted is null || stamp == _previous) && make(contents) is { } made)
        {
            Volatile.Write(ref _current, made);
            _adopted = stamp;
            SawGood();
            if (paths.Count > 0)
            {
                Adopted(logger, string.Join(", ", paths));
            }
        }
        else if (stamp is null || stamp == _previous || _adopted is null)
        {
            SawBad();
        }

        _previous = stamp;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request is accepted.
        Look();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The sidecar stops.
        }
    }

    private void SawGood()
    {
        _lastGood = clock.GetTimestamp();
        _isBad = false;
    }

    private void SawBad()
    {
        if (!_isBad)
        {
            _isBad = true;
            Unusable(logger, string.Join(", ", paths));
        }

        if (_adopted is not null && clock.GetElapsedTime(_lastGood) > Grace)
        {
            Volatile.Write(ref _current, null);
            _adopted = null;
        }
    }

    private List<byte[]>? Read()
    {
        var contents = new List<byte[]>(paths.Count);
        try
        {
            foreach (var path in paths)
            {
                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var length = RandomAccess.GetLength(file);
                if (length is 0 or > MaxFileBytes)
                {
                    return null;
                }

                var content = new byte[length];
                contents.Add(content[..RandomAccess.Read(file, content, 0)]);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return contents;
    }

    private static byte[] Hash(List<byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents)
        {
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
        }

        return hash.GetHashAndReset();
    }

    [LoggerMessage(1150, LogLevel.Information, "Read {Files}", EventName = "SidecarIdentityRead")]
    private static partial void Adopted(ILogger logger, string files);

    [LoggerMessage(1151, LogLevel.Error, "No identity can be read from {Files}: they are missing, unreadable or not what they should be", EventName = "SidecarIdentityUnusable")]
    private static partial void Unusable(ILogger logger, string files);
}
