namespace Skep.Orchestration;

/// <summary>Small helpers for text that people read.</summary>
internal static class Text
{
    /// <summary>Cuts a text to a length, with an ellipsis, and never within a surrogate pair.</summary>
    public static string Shorten(string text, int most)
    {
        if (text.Length <= most) return text;
        var cut = most - 1;
        if (char.IsHighSurrogate(text[cut - 1])) cut--;
        return string.Concat(text.AsSpan(0, cut), "…");
    }
}
