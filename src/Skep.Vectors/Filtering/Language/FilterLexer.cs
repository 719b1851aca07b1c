using System.Globalization;
using System.Text;

namespace Skep.Vectors.Filtering;

/// <summary>What a piece of a filter's text is.</summary>
internal enum TokenKind
{
    End,
    Name,
    Keyword,
    Value,
    Sign,
    Open,
    Close,
    Comma,
}

/// <summary>A piece of the text. A keyword is in small letters; a backquoted name is never a keyword.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, FieldValue Value, Stretch At);

/// <summary>Cuts a filter's text into tokens, one at a time.</summary>
internal sealed class FilterLexer(string source)
{
    private int _at;

    public Token Next()
    {
        while (_at < source.Length && char.IsWhiteSpace(source[_at]))
        {
            _at++;
        }

        return _at == source.Length ? new Token(TokenKind.End, "", default, new Stretch(_at, 1)) : source[_at] switch
        {
            '(' => One(TokenKind.Open),
            ')' => One(TokenKind.Close),
            ',' => One(TokenKind.Comma),
            '"' or '\'' => Quoted(),
            '`' => BackQuoted(),
            '=' or '!' or '<' or '>' => Sign(),
            '-' or '+' or '.' or (>= '0' and <= '9') => NumberOrTime(),
            var c when FieldNames.IsStart(c) => Word(),
            var c => throw FilterError.At(source, new Stretch(_at, 1), $"the character '{Shown(c)}' has no meaning here; strings stand between double quotes"),
        };
    }

    private static string Shown(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString();

    private Token One(TokenKind kind) => new(kind, source[_at].ToString(), default, new Stretch(_at++, 1));

    private Token Sign()
    {
        var start = _at++;
        if (_at < source.Length && source[_at] is '=' or '>')
        {
            _at++;
        }

        var at = new Stretch(start, _at - start);
        var text = source[start.._at] switch
        {
            "==" => "=",
            "<>" => "!=",
            "!" => throw FilterError.At(source, at, "'!' alone means nothing; write 'not' before a condition, or '!=' between a field and a value"),
            "=>" or ">>" or "!>" => throw FilterError.At(source, at, $"'{source[start.._at]}' is no comparison; there are = != < <= > >="),
            var sign => sign,
        };
        return new Token(TokenKind.Sign, text, default, at);
    }

    private Token Word()
    {
        var start = _at;
        while (_at < source.Length && FieldNames.IsPart(source[_at]))
        {
            _at++;
        }

        var (word, at) = (source[start.._at], new Stretch(start, _at - start));
        return !FieldNames.IsKeyword(word) ? new Token(TokenKind.Name, Named(word, at), default, at)
            : bool.TryParse(word, out var flag) ? new Token(TokenKind.Value, word, flag, at)
            : new Token(TokenKind.Keyword, word.ToLowerInvariant(), default, at);
    }

    private Token BackQuoted()
    {
        var start = _at;
        var end = source.IndexOf('`', start + 1);
        if (end < 0)
        {
            throw FilterError.At(source, new Stretch(start, 1), "this backquote is never closed; a field's name stands between two of them");
        }

        _at = end + 1;
        var at = new Stretch(start, _at - start);
        return new Token(TokenKind.Name, Named(source[(start + 1)..end], at), default, at);
    }

    private string Named(string name, Stretch at) =>
        FieldNames.Fault(name) is { } fault ? throw FilterError.At(source, at, $"this is no name of a field: {fault}") : name;

    private Token NumberOrTime()
    {
        var start = _at++;
        while (_at < source.Length && IsNumberOrTime(source[_at]))
        {
            _at++;
        }

        var text = source.AsSpan(start, _at - start);
        var at = new Stretch(start, _at - start);
        if (text.Length > 4 && text[4] == '-' && !text[..4].ContainsAnyExceptInRange('0', '9'))
        {
            return TimeText.TryParse(text, out var ticks)
                ? new Token(TokenKind.Value, text.ToString(), FieldValue.Time(ticks), at)
                : throw FilterError.At(source, at, $"'{FieldNames.Shorten(text.ToString())}' is no time; expected {TimeText.Expected}");
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new Token(TokenKind.Value, text.ToString(), number, at)
            : throw FilterError.At(source, at, $"'{FieldNames.Shorten(text.ToString())}' is no number that 64 bits can hold; expected one such as 12, -0.5 or 1e6");
    }

    /// <summary>Signs belong to a number after its exponent, and to a time anywhere: which one it is, is seen when all of it has been read.</summary>
    private static bool IsNumberOrTime(char c) => c is '.' or ':' or '-' or '+' || char.IsAsciiLetterOrDigit(c);

    private Token Quoted()
    {
        var start = _at++;
        var text = new StringBuilder();
        while (_at < source.Length && source[_at] != source[start])
        {
            text.Append(source[_at] == '\\' ? Escaped() : source[_at]);
            _at++;
        }

        if (_at == source.Length)
        {
            throw FilterError.At(source, new Stretch(start, 1), $"this string is never closed; end it with {source[start]}");
        }

        var at = new Stretch(start, ++_at - start);
        var value = text.ToString();
        return FieldText.Fault(value) is { } fault ? throw FilterError.At(source, at, $"no field can hold this string: {fault}") : new Token(TokenKind.Value, value, value, at);
    }

    /// <summary>Reads what follows a backslash and stays on its last character.</summary>
    private char Escaped()
    {
        var start = _at++;
        switch (_at < source.Length ? source[_at] : '\0')
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '"' or '\'' or '\\' or '/': return source[_at];
            case 'u' when _at + 4 < source.Length && ushort.TryParse(source.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            default:
                throw FilterError.At(source, new Stretch(start, 2), "this escape is unknown; there are \\\" \\' \\\\ \\/ \\n \\r \\t and \\u with four hexadecimal digits");
        }
    }
}
