namespace Gateway.Cedar;

/// <summary>The outcome of a request. The zero value denies.</summary>
public enum Decision
{
    /// <summary>Nothing permitted the request, or something forbade it.</summary>
    Deny,

    /// <summary>At least one policy permitted the request and none forbade it.</summary>
    Allow,
}
