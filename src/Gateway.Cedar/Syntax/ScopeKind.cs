namespace Gateway.Cedar.Syntax;

internal enum ScopeKind
{
    Any,
    Equal,
    In,

    /// <summary><c>action in [A, B]</c>.</summary>
    InAny,
    Is,
    IsIn,
}
