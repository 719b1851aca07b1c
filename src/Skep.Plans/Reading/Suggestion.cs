namespace Skep.Plans;

/// <summary>Finds the known name that an unknown one was probably meant to be.</summary>
internal static class Suggestion
{
    private const int MaxLength = 64;
    private const int MaxCandidates = 20_000;

    /// <summary>
    /// The closest candidate by optimal string alignment (insert, delete, replace, swap neighbours), or null when none is near:
    /// one slip is forgiven in names of three letters, two from six on. Case and <c>-</c> against <c>_</c> count for nothing.
    /// </summary>
    public static string? For(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > MaxLength) return null;
        var bound = name.Length >= 6 ? 2 : name.Length >= 3 ? 1 : 0;
        string? best = null;
        foreach (var candidate in candidates.Take(MaxCandidates))
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - name.Length) > bound) continue;
            var distance = Distance(name, candidate);
            if (distance > bound) continue;
            (best, bound) = (candidate, distance - 1);
            if (bound < 0) break;
        }

        return best ?? Extension(name, candidates);
    }

    /// <summary>A phrase for a message: <c>did you mean 'x'?</c>, or the known names.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> candidates, string known)
    {
        if (For(name, candidates) is { } close) return $"did you mean '{close}'?";
        if (candidates.Count == 0) return $"there are no {known}";
        var shown = string.Join(", ", candidates.Take(20));
        return candidates.Count > 20 ? $"{known} are {shown} and {candidates.Count - 20:N0} more" : $"{known} are {shown}";
    }

    /// <summary>One name begins with the other (<c>test</c>, <c>tester</c>), and only one candidate does so.</summary>
    private static string? Extension(string name, IEnumerable<string> candidates)
    {
        if (name.Length < 3) return null;
        string? found = null;
        foreach (var candidate in candidates.Take(MaxCandidates))
        {
            if (candidate.Length < 3 || !(candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(candidate, StringComparison.OrdinalIgnoreCase))) continue;
            if (found is not null) return null;
            found = candidate;
        }

        return found;
    }

    private static int Distance(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = Fold(a[i - 1]) == Fold(b[j - 1]);
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Fold(a[i - 1]) == Fold(b[j - 2]) && Fold(a[i - 2]) == Fold(b[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            var spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
        }

        return last[b.Length];
    }

    private static char Fold(char c) => c == '-' ? '_' : char.ToLowerInvariant(c);
}
