namespace Skep.Vectors.Filtering;

/// <summary>Rules for names, and which known name somebody may have meant.</summary>
internal static class FieldNames
{
    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "and", "or", "not", "in", "has", "starts", "between", "exists", "true", "false",
    };

    public static bool IsKeyword(string word) => Keywords.Contains(word);

    public static void Check(string name)
    {
        if (Fault(name) is { } fault)
        {
            throw new VectorException(VectorFault.BadArgument, $"The field name '{Shorten(name)}' cannot be used: {fault}.");
        }
    }

    /// <summary>What is wrong with a name, or nothing.</summary>
    public static string? Fault(string name) => name switch
    {
        "" => "a name needs at least one character",
        { Length: > FieldLimits.MaxNameLength } => $"it has {name.Length} characters, and {FieldLimits.MaxNameLength} are allowed",
        _ when name.AsSpan().ContainsAnyInRange('\0', '\u001f') || name.Contains('\u007f') => "it holds a control character",
        _ when name.Contains('`') => "a backquote would end it in filters",
        _ when !FieldText.IsUnicode(name) => "it holds half of a surrogate pair",
        _ => null,
    };

    /// <summary>A name that expressions hold as it is; others stand between backquotes.</summary>
    public static bool IsPlain(string name) => IsStart(name[0]) && name.All(IsPart) && !IsKeyword(name);

    public static bool IsStart(char c) => char.IsLetter(c) || c == '_';

    public static bool IsPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or '-';

    public static string Quote(string name) => IsPlain(name) ? name : $"`{name}`";

    /// <summary>The known name that is nearest to a wrong one, if it is near enough to be a slip.</summary>
    public static string? Nearest(string wrong, IEnumerable<string> known)
    {
        if (wrong.Length > FieldLimits.MaxNameLength)
        {
            return null;
        }

        var best = known.Select(k => (Name: k, Far: Edits(wrong.ToUpperInvariant(), k.ToUpperInvariant()))).OrderBy(k => k.Far).FirstOrDefault();
        return best.Name is { } name && best.Far <= Math.Max(1, Math.Min(wrong.Length, name.Length) / 2) ? name : null;
    }

    public static string Shorten(string text) => text.Length <= 48 ? text : string.Concat(text.AsSpan(0, 45), "...");

    /// <summary>Levenshtein's distance: insertions, deletions and replacements.</summary>
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
