namespace Skep.Models.Endpoints;

/// <summary>Keys by the name of their variable: from the environment, else from the secrets file.</summary>
internal sealed class KeyRing(Func<string, string?> environment, IReadOnlyDictionary<string, string> secrets)
{
    /// <summary>
    /// Shortest value that counts as a secret, in characters: masking shorter ones ("none", "EMPTY", as local servers are given) would garble texts and
    /// protect nothing.
    /// </summary>
    public const int MinSecretLength = 8;

    /// <summary>A variable's value; null when it is not set, or blank.</summary>
    public string? Find(string variable)
    {
        if (environment(variable)?.Trim() is { Length: > 0 } value) return value;
        return secrets.TryGetValue(variable, out var secret) && secret.Trim() is { Length: > 0 } kept ? kept : null;
    }

    /// <summary>All values that must not show: those of the file, and of the variables.</summary>
    public IEnumerable<string> Secrets(IEnumerable<string> variables) =>
        variables.Select(Find).Concat(secrets.Values.Select(v => v.Trim())).OfType<string>().Where(v => v.Length >= MinSecretLength).Distinct();

    /// <summary>Whether a header can carry a key.</summary>
    public static bool Fits(string key) => key.All(c => c is > ' ' and < '\u007f');
}
