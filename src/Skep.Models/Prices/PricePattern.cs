namespace Skep.Models.Prices;

/// <summary>Names of models, and what is known about them.</summary>
/// <param name="Text">
/// A name, which also stands for itself with a date (<c>-20250929</c>, <c>-2025-04-14</c>) or <c>-latest</c> behind it; or the beginning of names with <c>*</c> behind
/// it; a provider may stand before it with a slash. Deliberately not "every name that begins so": gpt-5 and gpt-5-pro do not cost the same.
/// </param>
/// <param name="Facts">What is known.</param>
internal sealed record PricePattern(string Text, ModelFacts Facts)
{
    public bool Fits(string provider, string model)
    {
        if (FitsName(Text, model)) return true;
        return Text.Length > provider.Length && Text[provider.Length] == '/' && Text.StartsWith(provider, StringComparison.Ordinal)
            && FitsName(Text.AsSpan(provider.Length + 1), model);
    }

    private static bool FitsName(ReadOnlySpan<char> pattern, ReadOnlySpan<char> model)
    {
        if (pattern.EndsWith('*')) return model.StartsWith(pattern[..^1]);
        return model.StartsWith(pattern) && IsVersion(model[pattern.Length..]);
    }

    private static bool IsVersion(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest.SequenceEqual("-latest")) return true;
        var digits = 0;
        foreach (var c in rest)
        {
            if (char.IsAsciiDigit(c)) digits++;
            else if (c != '-') return false;
        }

        return rest[0] == '-' && digits == "yyyymmdd".Length;
    }
}
