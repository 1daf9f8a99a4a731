using System.Text;
using Gateway.Integrations.Oidc;
using Gateway.Integrations.Spiffe;

namespace Gateway.Integrations.Tests.Spiffe;

/// <summary>A trust domain whose every answer the test decides.</summary>
internal sealed class TestBundleReader(string? document) : IBundleReader
{
    private int _reads;

    /// <summary>Null: it cannot be reached.</summary>
    public string? Document { get; set; } = document;

    public int Reads => Volatile.Read(ref _reads);

    public ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = Document;
        Interlocked.Increment(ref _reads);
        return answer is null ? throw new KeyFetchException("Down.") : new(Encoding.UTF8.GetBytes(answer));
    }
}
