namespace Skep.Plans.Expressions;

/// <summary>What a <see cref="Token"/> is.</summary>
internal enum TokenKind
{
    End,
    Name,
    MemoryKey,
    Text,
    Number,
    True,
    False,
    Null,
    And,
    Or,
    Not,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Dot,
    Comma,
}

/// <summary>A word of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it begins in the expression.</param>
/// <param name="Text">A name, a key, or the content of a text literal.</param>
/// <param name="Number">The value of a number literal.</param>
internal readonly record struct Token(TokenKind Kind, int Offset, string Text = "", double Number = 0);
