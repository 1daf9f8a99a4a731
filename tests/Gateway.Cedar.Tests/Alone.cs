namespace Gateway.Cedar.Tests;

/// <summary>Tests that measure run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
