using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Tests.Identity;

/// <summary>A certificate authority that issues whatever a test wants issued, correct or not.</summary>
internal sealed class TestAuthority
{
    private static int _serial;

    private readonly DateTimeOffset _now;

    private TestAuthority(X509Certificate2 certificate, DateTimeOffset now)
    {
        Certificate = certificate;
        _now = now;
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    public static TestAuthority Root(string name = "example.org", DateTimeOffset? now = null, Action<TestCertificate>? change = null)
    {
        var time = now ?? TestClock.Start;
        var shape = Shape(name, time);
        change?.Invoke(shape);
        return new TestAuthority(shape.SelfSigned(), time);
    }

    /// <summary>A certificate of a workload that is right except for what the test changes.</summary>
    public X509Certificate2 Issue(string id = "spiffe://example.org/agent/billing", Action<TestCertificate>? change = null)
    {
        var shape = new TestCertificate
        {
            Subject = "O=SPIRE",
            Uris = { id },
            NotBefore = _now.AddMinutes(-30),
            NotAfter = _now.AddMinutes(30),
            Usages = X509KeyUsageFlags.DigitalSignature,
            ExtendedUsages = { TestCertificate.ServerAuthentication, TestCertificate.ClientAuthentication },
        };
        change?.Invoke(shape);
        return shape.SignedBy(Certificate, NextSerial());
    }

    /// <summary>An authority below this one.</summary>
    public TestAuthority Intermediate(string name = "example.org", Action<TestCertificate>? change = null)
    {
        var shape = Shape(name, _now);
        shape.Subject = $"O=Intermediate {NextSerial()[0]}";
        change?.Invoke(shape);
        return new TestAuthority(shape.SignedBy(Certificate, NextSerial()), _now);
    }

    private static TestCertificate Shape(string name, DateTimeOffset now) => new()
    {
        Subject = "O=SPIFFE",
        Uris = { $"spiffe://{name}" },
        NotBefore = now.AddDays(-1),
        NotAfter = now.AddDays(1),
        IsAuthority = true,
        Usages = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
    };

    private static byte[] NextSerial() => BitConverter.GetBytes(Interlocked.Increment(ref _serial));
}
