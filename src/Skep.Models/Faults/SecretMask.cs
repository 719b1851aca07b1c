namespace Skep.Models.Faults;

/// <summary>Takes keys, and what a terminal would obey, out of text that came from a provider.</summary>
internal static class SecretMask
{
    /// <summary>So much of a key identifies it; a provider that echoes its beginning is masked to the end of the word.</summary>
    private const int TellingPrefix = 8;

    private const string Mask = "***";

    /// <summary>The text on one line without control characters and keys, at most so long.</summary>
    public static string Clean(string text, string? key, int maxLength)
    {
        var masked = WithoutKey(text, key);
        Span<char> line = masked.Length <= 1024 ? stackalloc char[masked.Length] : new char[masked.Length];
        var length = 0;
        foreach (var c in masked)
        {
            if (!char.IsControl(c)) line[length++] = c;
            else if (length > 0 && line[length - 1] != ' ') line[length++] = ' ';
        }

        var clean = line[..length].Trim();
        return clean.Length <= maxLength ? clean.ToString() : string.Concat(clean[..maxLength], "…");
    }

    private static string WithoutKey(string text, string? key)
    {
        if (string.IsNullOrEmpty(key)) return text;
        text = text.Replace(key, Mask, StringComparison.Ordinal);
        if (key.Length < TellingPrefix * 2) return text;

        var prefix = key[..TellingPrefix];
        for (var at = text.IndexOf(prefix, StringComparison.Ordinal); at >= 0; at = text.IndexOf(prefix, at + Mask.Length, StringComparison.Ordinal))
        {
            var end = at + prefix.Length;
            while (end < text.Length && IsOfWord(text[end])) end++;
            text = string.Concat(text.AsSpan(0, at), Mask, text.AsSpan(end));
        }

        return text;
    }

    private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '*' or '.' or '…';
}
