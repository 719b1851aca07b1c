using System.Globalization;
using System.Text;
using Skep.Embeddings.Text;

namespace Skep.Embeddings.FullText;

/// <summary>How a text has to match.</summary>
public enum Fts5Match
{
    /// <summary>It has at least one of the words; more, and rarer ones, score higher.</summary>
    Any,

    /// <summary>It has all of the words.</summary>
    All,
}

/// <summary>
/// Makes what people type into an expression for SQLite's FTS5 that means just these words. FTS5 has a language of its own in which quotes, <c>AND</c>, <c>NEAR(…)</c>, <c>col:</c>,
/// <c>*</c>, <c>-</c> and <c>^</c> do something, and in which most texts are a syntax error. Here each word is a quoted string, so that nothing in it is an operator.
/// </summary>
public static class Fts5
{
    /// <summary>
    /// What a table should be made with, <c>tokenize = '…'</c>: words by Unicode's letters and digits without diacritics, English endings taken off. Needs SQLite 3.27.
    /// </summary>
    public const string Tokenizer = "porter unicode61 remove_diacritics 2";

    /// <summary>Asks a connection whether its SQLite was compiled with FTS5: one row if so, else none. Needs SQLite 3.16.</summary>
    public const string IsThere = "SELECT 1 FROM pragma_module_list WHERE name = 'fts5'";

    /// <summary>Most different words of an expression; further ones are passed over.</summary>
    public const int MaxWords = 64;

    /// <summary>Longest word, in UTF-16 units; longer ones are passed over.</summary>
    public const int MaxWord = 128;

    /// <summary>The expression, to be bound to <c>MATCH ?</c>; null when the text has no word, so that nothing can match.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="match">How a text has to match.</param>
    public static string? Expression(string text, Fts5Match match = Fts5Match.Any)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = Words(text);
        var telling = words.Where(w => !StopWords.Has(w.ToLowerInvariant())).ToList();
        var used = (telling.Count > 0 ? telling : words).Take(MaxWords).ToList();
        if (used.Count == 0) return null;
        return string.Join(match == Fts5Match.Any ? " OR " : " AND ", used.Select(w => $"\"{w}\""));
    }

    // As the tokenizer takes texts apart: runs of letters, digits, marks and private characters. A NUL would end the expression, halves of characters are no UTF-8: both separate.
    private static List<string> Words(string text)
    {
        var (words, seen, word) = (new List<string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase), new StringBuilder());
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsWordPart(rune)) word.Append(rune.ToString());
            else End();
            if (words.Count >= MaxWords * 4) return words;
        }

        End();
        return words;

        void End()
        {
            if (word.Length is > 0 and <= MaxWord && word.ToString() is var whole && seen.Add(whole)) words.Add(whole);
            word.Clear();
        }
    }

    private static bool IsWordPart(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.PrivateUse;
}
