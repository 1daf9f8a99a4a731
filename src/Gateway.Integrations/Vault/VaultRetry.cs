using System.Security.Cryptography;

namespace Gateway.Integrations.Vault;

/// <summary>When a request is sent again.</summary>
internal static class VaultRetry
{
    public const int Maximum = 2;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);

    /// <summary>Calls are waiting: a server that wants more time than this has refused.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Whether the answer is worth another attempt: 412 (not caught up), 429 (rate limit) and 5xx, but not 501, which is final.</summary>
    public static bool IsWorthwhile(VaultAnswer answer, VaultEffect effect) => effect != VaultEffect.Probe && answer.Status switch
    {
        412 or 429 => true,

        // What a proxy says when no answer came through: Vault may have done it.
        502 or 504 => effect == VaultEffect.Repeatable,
        501 => false,
        >= 500 => true,
        _ => false,
    };

    /// <summary>Whether a request without an answer may be sent again.</summary>
    public static bool IsSafe(VaultException failure, VaultEffect effect) =>
        effect == VaultEffect.Repeatable || (effect == VaultEffect.Issues && !failure.MayHaveHappened);

    /// <summary>How long to wait; null where the server asks for more patience than there is.</summary>
    /// <param name="attempt">0 for the first.</param>
    /// <param name="retryAfter">What the server asks for.</param>
    public static TimeSpan? Delay(int attempt, TimeSpan? retryAfter)
    {
        var delay = First * Math.Pow(2, attempt) * (RandomNumberGenerator.GetInt32(500, 1501) / 1000.0);
        return retryAfter is not { } asked || asked <= delay ? delay
            : asked > Patience ? null
            : asked + (delay / 4);
    }
}
