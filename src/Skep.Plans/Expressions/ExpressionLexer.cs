using System.Buffers;
using System.Globalization;
using System.Text;

namespace Skep.Plans.Expressions;

/// <summary>
/// Cuts an expression into tokens. Names after a dot may hold dashes, because identifiers of a plan may (<c>tasks.build-all</c>);
/// after <c>memory.</c> everything up to white space or an operator other than <c>- / . :</c> is the key. Subtraction and division
/// after such a name therefore need white space around the operator.
/// </summary>
internal ref struct ExpressionLexer(string text)
{
    private static readonly SearchValues<char> KeyEnd = SearchValues.Create(" \t\r\n()[],'\"=!<>+*|&?{}");
    private readonly string _text = text;
    private int _at;
    private TokenKind _previous;
    private bool _afterMemory;

    /// <summary>Reads the next token.</summary>
    public Token Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        var token = Read();
        _afterMemory = (token is { Kind: TokenKind.Name, Text: "memory" } && _previous != TokenKind.Dot) || (_afterMemory && token.Kind == TokenKind.Dot);
        _previous = token.Kind;
        return token;
    }

    private Token Read()
    {
        if (_at >= _text.Length) return new Token(TokenKind.End, _text.Length);
        var c = _text[_at];
        if (_previous == TokenKind.Dot) return _afterMemory ? MemoryKey() : Member();
        if (c is '\'' or '"') return TextLiteral(c);
        if (char.IsAsciiDigit(c)) return NumberLiteral();
        return char.IsAsciiLetter(c) || c == '_' ? Word() : Operator(c);
    }

    private Token MemoryKey()
    {
        var rest = _text.AsSpan(_at);
        var length = rest.IndexOfAny(KeyEnd);
        if (length < 0) length = rest.Length;
        if (length == 0) throw Error("a memory key must follow 'memory.'", _at);
        return Take(TokenKind.MemoryKey, length);
    }

    private Token Member()
    {
        var end = _at;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] is '_' or '-')) end++;
        if (end == _at) throw Error("a name must follow '.'", _at);
        return Take(TokenKind.Name, end - _at);
    }

    private Token Word()
    {
        var end = _at;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] == '_')) end++;
        var word = Take(TokenKind.Name, end - _at);
        return word.Text switch
        {
            "and" => word with { Kind = TokenKind.And },
            "or" => word with { Kind = TokenKind.Or },
            "not" => word with { Kind = TokenKind.Not },
            "true" => word with { Kind = TokenKind.True },
            "false" => word with { Kind = TokenKind.False },
            "null" => word with { Kind = TokenKind.Null },
            _ => word,
        };
    }

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, _at, _text.Substring(_at, length));
        _at += length;
        return token;
    }

    private Token NumberLiteral()
    {
        var end = _at;
        while (end < _text.Length && (char.IsAsciiDigit(_text[end]) || (_text[end] == '.' && end + 1 < _text.Length && char.IsAsciiDigit(_text[end + 1])))) end++;
        if (end + 1 < _text.Length && _text[end] is 'e' or 'E')
        {
            var exponent = end + 1;
            if (_text[exponent] is '+' or '-') exponent++;
            if (exponent < _text.Length && char.IsAsciiDigit(_text[exponent]))
            {
                end = exponent;
                while (end < _text.Length && char.IsAsciiDigit(_text[end])) end++;
            }
        }

        var token = Take(TokenKind.Number, end - _at);
        if (!double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            throw Error($"'{token.Text}' is not a number", token.Offset);
        return token with { Number = number };
    }

    private Token TextLiteral(char quote)
    {
        var start = _at++;
        var content = new StringBuilder();
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length) content.Append(Unescape(_text[++_at]));
            else content.Append(_text[_at]);
            _at++;
        }

        if (_at >= _text.Length) throw Error($"the text that begins with {quote} is not closed", start);
        _at++;
        return new Token(TokenKind.Text, start, content.ToString());
    }

    private readonly char Unescape(char c) => c switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '\\' or '\'' or '"' => c,
        _ => throw Error($"'\\{c}' is no escape; known are \\n \\t \\r \\\\ \\' \\\"", _at - 1),
    };

    private Token Operator(char c)
    {
        var two = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        var kind = (c, two) switch
        {
            ('=', '=') => TokenKind.Equal,
            ('!', '=') => TokenKind.NotEqual,
            ('<', '=') => TokenKind.LessOrEqual,
            ('>', '=') => TokenKind.GreaterOrEqual,
            ('&', '&') => TokenKind.And,
            ('|', '|') => TokenKind.Or,
            _ => TokenKind.End,
        };
        if (kind != TokenKind.End) return Take(kind, 2);
        kind = c switch
        {
            '<' => TokenKind.Less,
            '>' => TokenKind.Greater,
            '!' => TokenKind.Not,
            '+' => TokenKind.Plus,
            '-' => TokenKind.Minus,
            '*' => TokenKind.Times,
            '/' => TokenKind.Divide,
            '(' => TokenKind.Open,
            ')' => TokenKind.Close,
            '[' => TokenKind.OpenBracket,
            ']' => TokenKind.CloseBracket,
            '.' => TokenKind.Dot,
            ',' => TokenKind.Comma,
            '=' => throw Error("'=' compares nothing; write '=='", _at),
            '&' => throw Error("'&' is no operator; write '&&' or 'and'", _at),
            '|' => throw Error("'|' is no operator; write '||' or 'or'", _at),
            _ => throw Error($"unexpected character '{Printable(c)}'", _at),
        };
        return Take(kind, 1);
    }

    private static string Printable(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"U+{(int)c:X4}" : c.ToString();

    private static ExpressionException Error(string message, int offset) => new(message) { Offset = offset };
}
