namespace Skep.Testing.Wire;

/// <summary>Cuts texts.</summary>
internal static class TextPieces
{
    /// <summary>Nearly equal pieces, at most <paramref name="count"/>, none empty, no surrogate pair cut. Nothing for an empty text.</summary>
    public static IEnumerable<string> Split(string text, int count)
    {
        var start = 0;
        var pieces = Math.Clamp(count, 1, Math.Max(1, text.Length));
        for (var piece = 1; piece <= pieces && start < text.Length; piece++)
        {
            var end = (int)((long)text.Length * piece / pieces);
            if (end <= start) continue;
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]) && char.IsLowSurrogate(text[end])) end++;
            yield return text[start..end];
            start = end;
        }
    }

    /// <summary>The beginning of a text, no surrogate pair cut.</summary>
    public static string Head(string text, long chars)
    {
        if (text.Length <= chars) return text;
        var end = (int)chars;
        return text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }
}
