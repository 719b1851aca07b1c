namespace Skep.Agents.Specs;

/// <summary>Cuts text into words that can be compared: small letters, without endings, without words that say nothing.</summary>
internal static class Words
{
    /// <summary>Most words that are taken of one text.</summary>
    public const int MaxWords = 2_000;

    private const int MinStem = 3;

    private static readonly HashSet<string> Stop = new(StringComparer.Ordinal)
    {
        "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "before", "but", "by", "can", "could", "do", "does", "for", "from", "get", "has", "have",
        "help", "helps", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "like", "me", "more", "must", "my", "need", "needed", "needs", "no", "not", "of", "on", "one", "or",
        "our", "should", "so", "some", "someone", "somebody", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "use", "used", "uses",
        "using", "want", "wants", "was", "we", "what", "when", "where", "which", "who", "will", "with", "would", "you", "your", "agent", "agents", "task", "tasks", "work", "works", "expert", "specialist", "good",
    };

    /// <summary>Endings, the longest first, with what takes their place. One of them is taken off, when enough is left.</summary>
    private static readonly (string Ending, string Instead)[] Endings =
    [
        ("isations", "is"), ("izations", "is"), ("isation", "is"), ("ization", "is"), ("ysing", "ys"), ("yzing", "ys"), ("ysis", "ys"), ("yses", "ys"), ("ysed", "ys"), ("yzed", "ys"), ("yser", "ys"), ("yzer", "ys"), ("yst", "ys"), ("yse", "ys"), ("yze", "ys"),
        ("ising", "is"), ("izing", "is"), ("iser", "is"), ("izer", "is"), ("ised", "is"), ("ized", "is"), ("ises", "is"), ("izes", "is"), ("ise", "is"), ("ize", "is"),
        ("ations", ""), ("ation", ""), ("ating", ""), ("ators", ""), ("ator", ""), ("ated", ""), ("ates", ""), ("ate", ""), ("ness", ""), ("ingly", ""),
        ("ings", ""), ("ing", ""), ("ers", ""), ("er", ""), ("ors", ""), ("or", ""), ("ies", "y"), ("ied", "y"), ("ions", ""), ("ion", ""), ("ed", ""), ("es", ""), ("ly", ""), ("e", ""), ("s", ""),
    ];

    /// <summary>The words of a text in their order, each with its stem; stop words are left out.</summary>
    public static IEnumerable<(string Word, string Stem)> Of(string? text) =>
        Split(text ?? "").Where(w => !Stop.Contains(w)).Take(MaxWords).Select(w => (w, Stem(w)));

    /// <summary>A word without its ending: <c>profiling</c>, <c>profiler</c> and <c>profiles</c> become <c>profil</c>.</summary>
    public static string Stem(string word)
    {
        foreach (var (ending, instead) in Endings)
        {
            if (!word.EndsWith(ending, StringComparison.Ordinal) || word.Length - ending.Length + instead.Length < MinStem) continue;
            if (ending == "s" && word.EndsWith("ss", StringComparison.Ordinal)) break;
            return Single(word[..^ending.Length] + instead);
        }

        return word;
    }

    /// <summary><c>debugg</c> of debugging is <c>debug</c>.</summary>
    private static string Single(string stem) =>
        stem.Length > MinStem && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'e' or 'o') ? stem[..^1] : stem;

    /// <summary>Letters and digits, with <c>+</c> and <c>#</c> behind them (c++, c#); <c>codeReview</c> is two words.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : ' ';
            var goesOn = char.IsLetterOrDigit(c) || (start >= 0 && c is '+' or '#');
            var isHump = start >= 0 && char.IsUpper(c) && char.IsLower(text[i - 1]);
            if (start >= 0 && (!goesOn || isHump))
            {
                yield return text[start..i].ToLowerInvariant();
                start = -1;
            }

            if (goesOn && start < 0) start = i;
        }
    }
}
