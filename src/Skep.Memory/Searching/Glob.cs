namespace Skep.Memory.Searching;

/// <summary>
/// Matches names: <c>*</c> stands for any characters but '/', <c>**</c> for any, <c>?</c> for one that is not '/'. Upper and lower case are the same.
/// A pattern without '/' is compared with the key, one with '/' with the whole path.
/// </summary>
internal sealed class Glob(string pattern)
{
    private readonly bool _wholePath = pattern.Contains('/') || pattern.Contains("**", StringComparison.Ordinal);

    internal bool Matches(string path) => Matches(pattern, _wholePath ? path : path.AsSpan(path.LastIndexOf('/') + 1));

    /// <summary>
    /// Goes back to the last '*' only: a later one can do all that an earlier one could, up to the next '/', which only '**' crosses. So the
    /// time is at most the product of both lengths for each kind.
    /// </summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (p, t) = (0, 0);
        var (star, starText) = (-1, 0);
        var (deep, deepText) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                if (p + 1 < pattern.Length && pattern[p + 1] == '*') (p, deep, deepText, star) = (p + 2, p + 2, t, -1);
                else (p, star, starText) = (p + 1, p + 1, t);
            }
            else if (p < pattern.Length && Same(pattern[p], text[t]))
            {
                (p, t) = (p + 1, t + 1);
            }
            else if (star >= 0 && text[starText] != '/')
            {
                (p, t) = (star, ++starText);
            }
            else if (deep >= 0)
            {
                (p, t, star) = (deep, ++deepText, -1);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static bool Same(char pattern, char text) =>
        pattern == '?' ? text != '/' : char.ToLowerInvariant(pattern) == char.ToLowerInvariant(text);
}
