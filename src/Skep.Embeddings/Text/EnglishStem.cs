using System.Buffers;

namespace Skep.Embeddings.Text;

/// <summary>
/// Takes the endings of English inflection off (plural, -ing, -ed, a silent e), so that <c>measures</c>, <c>measured</c> and <c>measuring</c> meet. Light on purpose: derived words
/// (<c>measurement</c>) stay apart. Words with other letters than a to z are left alone.
/// </summary>
internal static class EnglishStem
{
    private const int ShortestStem = 3;
    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouy");

    /// <summary>The stem, written into the word's own place where letters change.</summary>
    /// <param name="word">In lower case; it may be changed.</param>
    /// <returns>Its beginning that is the stem.</returns>
    public static Span<char> Of(Span<char> word)
    {
        if (word.Length <= ShortestStem || word.ContainsAnyExceptInRange('a', 'z')) return word;
        word = WithoutPlural(word);
        word = WithoutSuffix(word);
        return word.Length > ShortestStem && word[^1] == 'e' ? word[..^1] : word;
    }

    private static Span<char> WithoutPlural(Span<char> word)
    {
        if (word[^1] != 's' || word[^2] is 's' or 'u' or 'i') return word;
        if (word.EndsWith("ies") && word.Length > 4) return WithY(word[..^2]);
        if (word.Length > 4 && (word.EndsWith("xes") || word.EndsWith("ches") || word.EndsWith("shes") || word.EndsWith("sses") || word.EndsWith("zes"))) return word[..^2];
        return word[..^1];
    }

    private static Span<char> WithoutSuffix(Span<char> word)
    {
        if (word.EndsWith("ied") && word.Length > 4) return WithY(word[..^2]);
        var ending = word.EndsWith("ing") ? 3 : word.EndsWith("ed") && !word.EndsWith("eed") ? 2 : 0;
        if (ending == 0 || word.Length - ending < ShortestStem) return word;
        var stem = word[..^ending];
        if (!stem.ContainsAny(Vowels)) return word;
        return stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z') ? stem[..^1] : stem;
    }

    private static Span<char> WithY(Span<char> word)
    {
        word[^1] = 'y';
        return word;
    }
}
