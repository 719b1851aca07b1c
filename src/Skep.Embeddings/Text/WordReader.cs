using System.Globalization;

namespace Skep.Embeddings.Text;

/// <summary>What a word is.</summary>
internal enum WordKind
{
    /// <summary>A run of letters and digits.</summary>
    Word,

    /// <summary>A name such as <c>readFile</c> as one, after its parts <c>read</c> and <c>file</c>, which came as words.</summary>
    Compound,

    /// <summary>A character that is a word by itself: of Chinese, Japanese or Korean, an emoji, a sign such as → that is not ASCII.</summary>
    Sign,
}

/// <summary>
/// Reads the words of a text in their order, folded by <see cref="LetterFolding"/>. ASCII punctuation separates; an apostrophe within a word is left out; a word longer than
/// <see cref="MaxWord"/> is cut into several. Allocates nothing.
/// </summary>
internal ref struct WordReader
{
    /// <summary>Longest word, in folded characters.</summary>
    public const int MaxWord = 64;

    /// <summary>Characters of the scratch that a reader needs.</summary>
    public const int Scratch = MaxWord + LetterFolding.MaxExpansion;

    private readonly ReadOnlySpan<char> _text;
    private readonly Span<char> _scratch;
    private int _at;
    private int _length;
    private int _given;
    private ulong _starts;

    /// <summary>Begins at the start of a text.</summary>
    public WordReader(ReadOnlySpan<char> text, Span<char> scratch)
    {
        _text = text;
        _scratch = scratch;
        _at = _length = _given = 0;
        _starts = 0;
    }

    /// <summary>The word; valid until the next is read.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>What it is.</summary>
    public WordKind Kind { get; private set; }

    /// <summary>Goes to the next word; false at the end.</summary>
    public bool Next()
    {
        if (_given < _length) return GivePart();
        if (_starts != 0) return GiveCompound();
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (LetterFolding.IsIdeograph(c)) return GiveSign(1);
            if (LetterFolding.IsWordPart(c))
            {
                ReadRun();
                if (_length > 0) return GivePart();
            }
            else if (char.IsSurrogate(c))
            {
                if (char.IsHighSurrogate(c) && _at + 1 < _text.Length && char.IsLowSurrogate(_text[_at + 1])) return GiveSign(2);
                _at++;
            }
            else if (c is > '\u00bf' and not '\ufffd' && char.GetUnicodeCategory(c) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol)
            {
                return GiveSign(1);
            }
            else
            {
                _at++;
            }
        }

        return false;
    }

    // Bit i of the starts says that a part of a compound begins at character i; there is none at 0.
    private void ReadRun()
    {
        (_length, _given, _starts) = (0, 0, 0);
        for (; _at < _text.Length && _length < MaxWord; _at++)
        {
            var c = _text[_at];
            if (IsApostrophe(c) && IsInside()) continue;
            if (!LetterFolding.IsWordPart(c) || LetterFolding.IsIdeograph(c)) break;
            if (_length > 0 && BeginsPart(c)) _starts |= 1UL << _length;
            _length += LetterFolding.Fold(c, _scratch[_length..]);
        }

        _length = Math.Min(_length, MaxWord);
    }

    private readonly bool BeginsPart(char c)
    {
        if (!char.IsUpper(c)) return false;
        var before = _text[_at - 1];
        if (char.IsLower(before) || char.IsAsciiDigit(before)) return true;
        return char.IsUpper(before) && _at + 1 < _text.Length && char.IsLower(_text[_at + 1]);
    }

    private readonly bool IsInside() => _length > 0 && _at + 1 < _text.Length && char.IsLetter(_text[_at + 1]);

    private static bool IsApostrophe(char c) => c is '\'' or '\u2019';

    private bool GivePart()
    {
        var end = _given + 1;
        while (end < _length && (_starts >> end & 1) == 0) end++;
        Current = _scratch[_given..end];
        Kind = WordKind.Word;
        _given = end;
        return true;
    }

    private bool GiveCompound()
    {
        _starts = 0;
        Current = _scratch[.._length];
        Kind = WordKind.Compound;
        return true;
    }

    private bool GiveSign(int units)
    {
        Current = _text.Slice(_at, units);
        Kind = WordKind.Sign;
        _at += units;
        return true;
    }
}
