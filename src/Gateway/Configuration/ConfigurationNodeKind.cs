namespace Gateway.Configuration;

/// <summary>What is written at a key.</summary>
internal enum ConfigurationNodeKind
{
    /// <summary>Nothing: <c>null</c> counts as if the key were not there.</summary>
    Null,

    /// <summary>A text, number or truth value.</summary>
    Scalar,

    /// <summary><c>[…]</c>.</summary>
    List,

    /// <summary><c>{…}</c>, or keys that an environment variable or the command line made up.</summary>
    Object,
}
