namespace Skep.Vectors.Filtering;

/// <summary>What strings may be stored: text that UTF-8 can carry without loss.</summary>
internal static class FieldText
{
    public static bool IsUnicode(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\ud800', '\udfff'); at >= 0 && at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
            {
                continue;
            }

            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return false;
            }

            at++;
        }

        return true;
    }

    /// <summary>What is wrong with a string or tag, or nothing.</summary>
    public static string? Fault(string text) =>
        text.Length > FieldLimits.MaxTextLength ? $"it has {text.Length} characters, and {FieldLimits.MaxTextLength} are allowed"
        : !IsUnicode(text) ? "it holds half of a surrogate pair, which is no text"
        : null;
}
