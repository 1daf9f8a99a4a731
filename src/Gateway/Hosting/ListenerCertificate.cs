using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Hosting;

/// <summary>A listener's certificate with its chain, read again when its files are replaced, as those who renew it do.</summary>
/// <remarks>
/// Looked at by new connections, once a second at most. Files that do not fit each other, or are half written, are tried again
/// at the next look; until then the former certificate serves.
/// </remarks>
internal sealed partial class ListenerCertificate
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _file;
    private readonly string? _keyFile;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private volatile SslStreamCertificateContext _current;
    private string _stamps;
    private string? _refused;
    private long _looked;

    /// <exception cref="CryptographicException">The files are no certificate and its key.</exception>
    public ListenerCertificate(string file, string? keyFile, TimeProvider clock, ILogger<ListenerCertificate> logger)
    {
        (_file, _keyFile, _clock, _logger) = (file, keyFile, clock, logger);
        _stamps = Stamps();
        _looked = clock.GetTimestamp();
        _current = Read();
    }

    public SslStreamCertificateContext Current
    {
        get
        {
            if (_clock.GetElapsedTime(Volatile.Read(ref _looked)) >= Interval && _looking.TryEnter())
            {
                try
                {
                    Look();
                }
                finally
                {
                    _looking.Exit();
                }
            }

            return _current;
        }
    }

    private void Look()
    {
        Volatile.Write(ref _looked, _clock.GetTimestamp());
        var stamps = Stamps();
        if (stamps == _stamps)
        {
            return;
        }

        try
        {
            _current = Read();
            _stamps = stamps;
            Replaced(_logger, _file);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            if (_refused != stamps)
            {
                _refused = stamps;
                Unusable(_logger, _file, exception.GetType().Name);
            }
        }
    }

    private string Stamps() => FileStamps.Of(_keyFile is null ? [_file] : [_file, _keyFile]);

    private SslStreamCertificateContext Read()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_file);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(_file, _keyFile), chain, offline: true);
    }

    [LoggerMessage(1108, LogLevel.Information, "The replaced certificate {File} is in use", EventName = "CertificateReplaced")]
    private static partial void Replaced(ILogger logger, string file);

    [LoggerMessage(1109, LogLevel.Error, "The replaced certificate {File} does not load together with its key ({Exception}); the former one serves on", EventName = "CertificateUnusable")]
    private static partial void Unusable(ILogger logger, string file, string exception);
}
