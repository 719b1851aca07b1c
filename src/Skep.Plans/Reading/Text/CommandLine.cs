using System.Text;
using Skep.Plans.Expressions;

namespace Skep.Plans.Reading.Text;

/// <summary>An argument, and whether any part of it was quoted or escaped.</summary>
internal readonly record struct Argument(string Text, bool IsQuoted, int Offset);

/// <summary>A command line cannot be split.</summary>
internal sealed class CommandLineException(string message, int offset) : Exception(message)
{
    /// <summary>Where, from 0.</summary>
    public int Offset { get; } = offset;
}

/// <summary>
/// Splits a command line by the quoting rules of POSIX shells (single quotes, double quotes, backslash) and does nothing else: no
/// variables, no wildcards, no operators. A <c>${…}</c> stays within its argument whatever it holds, also inside quotes. A
/// backslash before <c>${</c> makes it literal.
/// </summary>
internal ref struct CommandLine
{
    private readonly string _text;
    private readonly List<Argument> _arguments;
    private readonly StringBuilder _word;
    private int _at;
    private int _start;
    private bool _inWord;
    private bool _isQuoted;

    private CommandLine(string text) => (_text, _arguments, _word) = (text, [], new StringBuilder());

    /// <summary>Whether some arguments stand on different lines that no backslash joins.</summary>
    private bool _spansLines;

    /// <summary>Splits a text.</summary>
    /// <exception cref="CommandLineException">A quote, an expression or a backslash is left open.</exception>
    public static List<Argument> Split(string text, out bool spansLines)
    {
        var line = new CommandLine(text);
        line.Run();
        spansLines = line._spansLines;
        return line._arguments;
    }

    private void Run()
    {
        var sawLineEnd = false;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                EndWord();
                sawLineEnd |= c == '\n';
                _at++;
                continue;
            }

            if (c == '\\' && At(1) == '\n')
            {
                _at += 2;
                continue;
            }

            _spansLines |= sawLineEnd && _arguments.Count > 0;
            if (!_inWord) (_inWord, _start) = (true, _at);
            Take(c);
        }

        EndWord();
    }

    private void Take(char c)
    {
        switch (c)
        {
            case '\'': SingleQuoted(); break;
            case '"': DoubleQuoted(); break;
            case '\\': Backslash(inQuotes: false); break;
            case '$' when At(1) == '{' || (At(1) == '$' && At(2) == '{'): Expression(); break;
            default: Append(c); break;
        }
    }

    private void SingleQuoted()
    {
        var open = _at++;
        _isQuoted = true;
        while (At(0) != '\'')
        {
            if (_at >= _text.Length) throw new CommandLineException("the quote ' is not closed", open);
            if (IsExpression()) Expression();
            else Append(_text[_at]);
        }

        _at++;
    }

    private void DoubleQuoted()
    {
        var open = _at++;
        _isQuoted = true;
        while (At(0) != '"')
        {
            if (_at >= _text.Length) throw new CommandLineException("the quote \" is not closed", open);
            if (IsExpression()) Expression();
            else if (_text[_at] == '\\') Backslash(inQuotes: true);
            else Append(_text[_at]);
        }

        _at++;
    }

    private void Backslash(bool inQuotes)
    {
        if (_at + 1 >= _text.Length) throw new CommandLineException("a backslash at the end escapes nothing", _at);
        var next = _text[_at + 1];
        if (inQuotes && next is not ('"' or '\\' or '$' or '`' or '\n'))
        {
            Append('\\');
            return;
        }

        _isQuoted = true;
        _at++;
        if (next == '\n') _at++;
        else Append(next);
    }

    /// <summary>Copies <c>${…}</c> as it stands, or the escape <c>$${</c>.</summary>
    private void Expression()
    {
        if (At(1) == '$')
        {
            _word.Append("$${");
            _at += 3;
            return;
        }

        int end;
        try
        {
            end = Template.FindEnd(_text, _at);
        }
        catch (ExpressionException e)
        {
            throw new CommandLineException(e.Message, _at);
        }

        _word.Append(_text, _at, end + 1 - _at);
        _at = end + 1;
    }

    private readonly bool IsExpression() => At(0) == '$' && (At(1) == '{' || (At(1) == '$' && At(2) == '{'));

    /// <summary>Adds a character as it is: a <c>${</c> that quoting has put together is escaped, because it was not written as one.</summary>
    private void Append(char c)
    {
        if (c == '{' && _word.Length > 0 && _word[^1] == '$') _word.Append('$');
        _word.Append(c);
        _at++;
    }

    private void EndWord()
    {
        if (!_inWord) return;
        _arguments.Add(new Argument(_word.ToString(), _isQuoted, _start));
        _word.Clear();
        (_inWord, _isQuoted) = (false, false);
    }

    private readonly char At(int offset) => _at + offset < _text.Length ? _text[_at + offset] : '\0';
}
