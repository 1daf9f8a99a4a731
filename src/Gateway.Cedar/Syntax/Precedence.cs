namespace Gateway.Cedar.Syntax;

/// <summary>The levels of the grammar, loosest first.</summary>
internal enum Precedence
{
    Expression,
    Or,
    And,
    Relation,
    Sum,
    Product,
    Unary,
    Member,
}
