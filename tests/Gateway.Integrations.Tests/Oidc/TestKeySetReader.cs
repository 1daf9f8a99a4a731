using Gateway.Core.Identity.Keys;
using Gateway.Integrations.Oidc;

namespace Gateway.Integrations.Tests.Oidc;

/// <summary>An issuer whose every answer the test decides.</summary>
internal sealed class TestKeySetReader(Func<CancellationToken, Task<IReadOnlyList<SigningKey>>> answer) : IKeySetReader
{
    private int _reads;

    public Func<CancellationToken, Task<IReadOnlyList<SigningKey>>> Answer { get; set; } = answer;

    public int Reads => Volatile.Read(ref _reads);

    public static Func<CancellationToken, Task<IReadOnlyList<SigningKey>>> Keys(params SigningKey[] keys) =>
        _ => Task.FromResult<IReadOnlyList<SigningKey>>(keys);

    public static Task<IReadOnlyList<SigningKey>> Down(CancellationToken cancellationToken) => throw new KeyFetchException("Down.");

    public async ValueTask<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return await Answer(cancellationToken);
    }
}
