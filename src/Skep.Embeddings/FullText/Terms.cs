using Skep.Embeddings.Text;

namespace Skep.Embeddings.FullText;

/// <summary>The terms of a text, each with how often it occurs. Texts and queries are taken apart in the same way.</summary>
internal static class Terms
{
    /// <summary>Counts the terms of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stemming">Whether endings are taken off.</param>
    /// <param name="length">Terms in all, repeated ones included.</param>
    /// <param name="max">Most different terms; further ones are passed over.</param>
    /// <param name="stopWords">Whether stop words are among them.</param>
    public static Dictionary<string, int> Count(ReadOnlySpan<char> text, bool stemming, out int length, int max = int.MaxValue, bool stopWords = true)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var reader = new WordReader(text, stackalloc char[WordReader.Scratch]);
        Span<char> copy = stackalloc char[WordReader.MaxWord];
        length = 0;
        while (reader.Next())
        {
            if (!stopWords && StopWords.Has(reader.Current)) continue;
            var term = copy[..reader.Current.Length];
            reader.Current.CopyTo(term);
            if (stemming && reader.Kind == WordKind.Word) term = EnglishStem.Of(term);
            if (lookup.TryGetValue(term, out var count)) lookup[term] = count + 1;
            else if (counts.Count < max) counts[term.ToString()] = 1;
            else continue;
            length++;
        }

        return counts;
    }

    /// <summary>The terms of a query: without stop words, unless it has nothing else.</summary>
    public static Dictionary<string, int> OfQuery(ReadOnlySpan<char> query, bool stemming, int max)
    {
        var telling = Count(query, stemming, out _, max, stopWords: false);
        return telling.Count > 0 ? telling : Count(query, stemming, out _, max);
    }
}
