using System.Globalization;

namespace Skep.Embeddings.Text;

/// <summary>
/// Makes letters comparable: lower case, without diacritics, full-width forms as ASCII; composed and decomposed text come out alike. Latin, Greek and Cyrillic go by
/// tables of our own; other scripts by the runtime's simple, culture-free lower case, which changes only when Unicode adds letters. No full normalisation form is applied.
/// </summary>
internal static class LetterFolding
{
    /// <summary>Most characters that one becomes.</summary>
    public const int MaxExpansion = 2;

    private static readonly string[] Expansions = ["", "ss", "ae", "oe", "th"];

    /// <summary>Writes what a letter or digit becomes.</summary>
    /// <param name="letter">A UTF-16 unit that is no surrogate.</param>
    /// <param name="into">At least <see cref="MaxExpansion"/> characters.</param>
    /// <returns>How many were written; 0 for a mark that is left out.</returns>
    public static int Fold(char letter, Span<char> into)
    {
        var folded = letter switch
        {
            < '\u0080' => char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter,
            >= '\u00c0' and <= '\u024f' => OfTable(LetterTables.Latin, letter - 0xc0, letter),
            >= '\u0370' and <= '\u052f' => OfTable(LetterTables.GreekAndCyrillic, letter - 0x370, letter),
            >= '\u1e00' and <= '\u1fff' => OfTable(LetterTables.Extended, letter - 0x1e00, letter),
            >= '\uff01' and <= '\uff5e' => char.ToLowerInvariant((char)(letter - 0xfee0)),
            _ => IsDroppedMark(letter) ? '\0' : char.ToLowerInvariant(letter),
        };
        if (folded > '\u0004')
        {
            into[0] = folded;
            return 1;
        }

        Expansions[folded].CopyTo(into);
        return Expansions[folded].Length;
    }

    /// <summary>Whether a character is a part of words: a letter, a digit, or a mark on one.</summary>
    public static bool IsWordPart(char letter) =>
        letter < '\u0080' ? char.IsAsciiLetterOrDigit(letter) : char.IsLetterOrDigit(letter) || char.GetUnicodeCategory(letter) is
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber;

    /// <summary>Whether a letter is a word by itself, of a script that puts no spaces between words.</summary>
    public static bool IsIdeograph(char letter) => letter is (>= '\u2e80' and <= '\u9fff') or (>= '\uac00' and <= '\ud7a3') or (>= '\uf900' and <= '\ufaff') && char.IsLetterOrDigit(letter);

    private static char OfTable(string table, int at, char letter) => table[at] is var folded and not '\0' ? folded : letter;

    // Accents that stand behind their letter, and what only chooses between pictures of a sign.
    private static bool IsDroppedMark(char letter) => letter is >= '\u0300' and <= '\u036f' or >= '\ufe00' and <= '\ufe0f';
}
