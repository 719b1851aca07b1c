namespace Skep.Plans.Reading.Text;

/// <summary>Identifiers: <c>[A-Za-z0-9][A-Za-z0-9_-]{0,63}</c>. No dots, because dots separate names in metrics and expressions.</summary>
internal static class Identifier
{
    /// <summary>The form, as a regular expression for the schema.</summary>
    public const string Pattern = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$";

    private const int MaxLength = 64;

    /// <summary>Whether a text is an identifier.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length is 0 or > MaxLength || !char.IsAsciiLetterOrDigit(text[0])) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        return true;
    }

    /// <summary>The nearest identifier, or null when nothing sensible is left.</summary>
    public static string? Repair(string text)
    {
        var repaired = string.Concat(text.Trim().Take(MaxLength).Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '-')).Trim('-', '_');
        return IsValid(repaired) ? repaired : null;
    }
}
