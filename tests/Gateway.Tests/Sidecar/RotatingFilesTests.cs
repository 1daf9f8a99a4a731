using System.Text;
using Gateway.Sidecar;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Sidecar;

public sealed class RotatingFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Look_First_TakesWhatIsThere()
    {
        using var files = Create("a");

        Assert.Equal("a", files.Current);
    }

    [Fact]
    public void Look_Changed_TakesItWhenItHasStayedSo()
    {
        using var files = Create("a");

        _folder.Write("f", "b");
        files.Look();
        Assert.Equal("a", files.Current);

        files.Look();
        Assert.Equal("b", files.Current);
    }

    [Fact]
    public void Look_MissingForAMoment_KeepsTheLastGood()
    {
        using var files = Create("a");
        File.Delete(_folder.Combine("f"));

        Advance(files, 10);
        Assert.Equal("a", files.Current);

        _folder.Write("f", "a");
        Advance(files, 60);
        Assert.Equal("a", files.Current);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bad")]
    public void Look_MissingOrBadForLong_HasNothing(string? content)
    {
        using var files = Create("a");
        if (content is null)
        {
            File.Delete(_folder.Combine("f"));
        }
        else
        {
            _folder.Write("f", content);
        }

        Advance(files, 12);
        Assert.Null(files.Current);

        _folder.Write("f", "b");
        files.Look();
        Assert.Equal("b", files.Current);
    }

    [Fact]
    public void Look_BehindALink_SeesTheLinkTurned()
    {
        _folder.Write("one", "a");
        _folder.Write("two", "b");
        File.CreateSymbolicLink(_folder.Combine("f"), _folder.Combine("one"));
        using var files = Create(null);
        File.Delete(_folder.Combine("f"));
        File.CreateSymbolicLink(_folder.Combine("f"), _folder.Combine("two"));

        files.Look();
        files.Look();

        Assert.Equal("b", files.Current);
    }

    private RotatingFiles<string> Create(string? content)
    {
        if (content is not null)
        {
            _folder.Write("f", content);
        }

        var files = new RotatingFiles<string>(
            [_folder.Combine("f")], contents => Encoding.UTF8.GetString(contents[0]) is var text && text != "bad" ? text : null, _clock, NullLogger.Instance);
        files.Look();
        return files;
    }

    private void Advance(RotatingFiles<string> files, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Now += TimeSpan.FromSeconds(1);
            files.Look();
        }
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
