namespace Gateway.Cedar.Syntax;

internal enum TokenKind
{
    End,

    /// <summary>Already reported by the lexer; the parser stops at it in silence.</summary>
    Invalid,

    /// <summary>Only in the list of comments that the formatter asks for.</summary>
    Comment,
    Identifier,
    Number,
    String,
    Slot,
    At,
    Dot,
    Comma,
    Semicolon,
    Colon,
    DoubleColon,
    Question,
    LeftParenthesis,
    RightParenthesis,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Or,
    And,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
    Not,
    Assign,
}
