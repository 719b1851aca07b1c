namespace Skep.Plans;

/// <summary>
/// Globs over paths with <c>/</c>: <c>*</c> matches any text within a segment, <c>?</c> one character, and a segment <c>**</c> any
/// number of segments. Every other character stands for itself.
/// </summary>
public static class Glob
{
    /// <summary>Longest glob, in UTF-16 units.</summary>
    public const int MaxLength = 1_024;

    /// <summary>Without a leading <c>./</c>, doubled slashes and repeated <c>**</c>.</summary>
    public static string Normalise(string glob)
    {
        var segments = new List<string>();
        foreach (var segment in glob.Split('/', StringSplitOptions.RemoveEmptyEntries))
            if (segment != "." && !(segment == "**" && segments.Count > 0 && segments[^1] == "**")) segments.Add(segment);
        return string.Join('/', segments);
    }

    /// <summary>Upper bound of the steps that <see cref="Intersect"/> takes.</summary>
    public static long Cost(string a, string b) => 1 + ((long)a.Length * b.Length);

    /// <summary>Whether some path matches both. A table over both patterns: a cell says whether what stands before can be matched by the same text.</summary>
    public static bool Intersect(string a, string b)
    {
        string[] x = a.Split('/'), y = b.Split('/');
        return Match(x.Length, y.Length, i => x[i] == "**", j => y[j] == "**", (i, j) => SegmentsIntersect(x[i], y[j]));
    }

    /// <summary>Whether a path matches.</summary>
    public static bool IsMatch(string glob, string path)
    {
        string[] x = glob.Split('/'), y = path.Split('/');
        return Match(x.Length, y.Length, i => x[i] == "**", _ => false, (i, j) => SegmentMatches(x[i], y[j]));
    }

    /// <summary>Whether a segment without <c>**</c> holds wildcards.</summary>
    public static bool IsLiteral(ReadOnlySpan<char> segment) => segment.IndexOfAny('*', '?') < 0;

    private static bool SegmentsIntersect(string a, string b)
    {
        if (IsLiteral(a)) return IsLiteral(b) ? a == b : SegmentMatches(b, a);
        if (IsLiteral(b)) return SegmentMatches(a, b);
        return Match(a.Length, b.Length, i => a[i] == '*', j => b[j] == '*', (i, j) => a[i] == '?' || b[j] == '?' || a[i] == b[j]);
    }

    private static bool SegmentMatches(string pattern, string text) =>
        Match(pattern.Length, text.Length, i => pattern[i] == '*', _ => false, (i, j) => pattern[i] == '?' || pattern[i] == text[j]);

    /// <summary>Whether two patterns of elements, some of which stand for any number of elements, have a common text.</summary>
    private static bool Match(int n, int m, Func<int, bool> isAnyX, Func<int, bool> isAnyY, Func<int, int, bool> meet)
    {
        var row = new bool[m + 1];
        var next = new bool[m + 1];
        row[0] = true;
        for (var i = 0; i <= n; i++)
        {
            Array.Clear(next);
            var anyX = i < n && isAnyX(i);
            for (var j = 0; j <= m; j++)
            {
                if (!row[j]) continue;
                var anyY = j < m && isAnyY(j);
                // An element "any" is skipped, or swallows one element of the other side and stays.
                if (i < n && (anyX || anyY)) next[j] = true;
                if (j < m && (anyX || anyY)) row[j + 1] = true;
                if (i < n && j < m && !anyX && !anyY && meet(i, j)) next[j + 1] = true;
            }

            if (i < n) (row, next) = (next, row);
        }

        return row[m];
    }
}
