namespace Gateway.Core.Identity.Peers;

/// <summary>The program that a peer runs.</summary>
internal interface IPeerExecutable
{
    /// <summary>Absolute path as the peer's own mount namespace spells it; ends in " (deleted)" once the file has been removed or replaced.</summary>
    string Path { get; }

    /// <returns>64 hexadecimal digits of the very file that runs, whatever is under its path now; null where it cannot be read.</returns>
    ValueTask<string?> Sha256Async(CancellationToken cancellationToken);
}
