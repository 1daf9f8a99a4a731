using System.Security.Cryptography;
using Gateway.Hosting;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Hosting;

public sealed class ListenerCertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Current_FilesReplaced_IsTheNewCertificateAtTheNextLook()
    {
        var certificate = Open();
        var first = Thumbprint(certificate);

        Replace();
        Assert.Equal(first, Thumbprint(certificate));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(first, Thumbprint(certificate));
    }

    [Fact]
    public void Current_FilesThatDoNotFit_IsTheFormerUntilTheyDo()
    {
        var certificate = Open();
        var first = Thumbprint(certificate);
        var key = File.ReadAllText(_folder.Combine("gateway.key"));

        Replace();
        var next = File.ReadAllText(_folder.Combine("gateway.key"));
        File.WriteAllText(_folder.Combine("gateway.key"), key);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(first, Thumbprint(certificate));

        File.WriteAllText(_folder.Combine("gateway.key"), next);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, Thumbprint(certificate));
    }

    [Fact]
    public void Constructor_FilesThatAreNone_IsAnError()
    {
        var file = _folder.Write("gateway.pem", "nothing");

        Assert.ThrowsAny<CryptographicException>(() => new ListenerCertificate(file, file, _clock, NullLogger<ListenerCertificate>.Instance));
    }

    private static string Thumbprint(ListenerCertificate certificate) => certificate.Current.TargetCertificate.Thumbprint;

    private ListenerCertificate Open()
    {
        var (file, key) = ServerCertificate.Write(_folder);

        // So that what is written next differs in its time, however coarse the file system's clock is.
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(key, DateTime.UnixEpoch);
        return new ListenerCertificate(file, key, _clock, NullLogger<ListenerCertificate>.Instance);
    }

    private void Replace() => ServerCertificate.Write(_folder);

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
