namespace Skep.Memory.Patterns;

/// <summary>
/// When two actions are the same: in lower case, with single spaces, without what names only this one try (absolute paths and long hexadecimal ids), without punctuation at the end.
/// Numbers stay: <c>retry 3 times</c> and <c>retry 5 times</c> are different things to do.
/// </summary>
public static class ActionText
{
    /// <summary>Digits from which on a hexadecimal word is an id.</summary>
    private const int IdLength = 8;

    /// <summary>An action as it is compared.</summary>
    public static string Normalise(string action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var words = action.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words.Select(Word)).TrimEnd('.', ';', ',', '!', ' ');
    }

    /// <summary>A sequence of actions as it is compared.</summary>
    public static string Normalise(IEnumerable<string> actions) => string.Join('\n', actions.Select(Normalise));

    private static string Word(string word)
    {
        if (word.Length > 1 && word[0] == '/' && word.AsSpan(1).IndexOfAnyExcept('/') >= 0) return "<path>";
        return word.Length >= IdLength && word.All(char.IsAsciiHexDigit) && word.Any(char.IsAsciiDigit) ? "<id>" : word;
    }
}
