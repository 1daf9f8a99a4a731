using System.Text;
using Gateway.Core.Audit.Verification;

namespace Gateway.Core.Tests.Audit.Verification;

/// <summary>A directory for a log, and its verification.</summary>
public abstract class VerifyTestBase : IDisposable
{
    private readonly TestKey _key = new();

    private protected TestKey Key => _key;

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("gateway-verify-").FullName;

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected LogReport Verify(TestLog log, params string[] kept)
    {
        Reset();
        log.WriteTo(Folder);
        return VerifyFolder(kept);
    }

    private protected LogReport Verify(IEnumerable<(string Name, byte[] Bytes)> segments, string? head)
    {
        Reset();
        foreach (var (name, bytes) in segments)
        {
            File.WriteAllBytes(Path.Combine(Folder, name), bytes);
        }

        if (head is not null)
        {
            File.WriteAllText(Path.Combine(Folder, "calls.head"), head, Encoding.Latin1);
        }

        return VerifyFolder();
    }

    private protected LogReport VerifyFolder(params string[] kept)
    {
        using var keys = new VerificationKeys();
        keys.Add(_key.Pem);
        return new LogVerifier(Folder, keys, kept).Verify();
    }

    private protected static string Show(LogReport report) => string.Join('\n', report.Findings.Kept);

    private void Reset()
    {
        foreach (var file in Directory.GetFiles(Folder))
        {
            File.Delete(file);
        }
    }
}
