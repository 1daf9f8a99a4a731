namespace Gateway.Cedar;

/// <summary>Where the ids of policies come from.</summary>
public enum PolicyIds
{
    /// <summary><c>policy0</c>, <c>policy1</c>, … in the order of the sources, as the reference engine names them.</summary>
    Ordinal,

    /// <summary>The <c>@id</c> annotation where there is one, else the ordinal name. A repeated id is an error.</summary>
    Annotation,
}
