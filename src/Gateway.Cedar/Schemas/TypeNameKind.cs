namespace Gateway.Cedar.Schemas;

/// <summary>What a name in a schema may stand for.</summary>
internal enum TypeNameKind
{
    /// <summary>A common type, else an entity type, else a built-in type.</summary>
    Any,
    Entity,

    /// <summary>A common type or a built-in one.</summary>
    Common,
    BuiltIn,
}
