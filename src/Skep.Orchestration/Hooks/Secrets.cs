using System.Text.RegularExpressions;
using Skep.Orchestration.Output;

namespace Skep.Orchestration.Hooks;

/// <summary>
/// Takes secrets out of texts before they are recorded: values that are known to be secret, and what looks like a well-known kind of
/// token. Patterns cannot know every secret; naming a variable in SKEP_SECRETS makes its value known.
/// </summary>
public static partial class Secrets
{
    /// <summary>Names of environment variables with secret values, separated by commas.</summary>
    public const string Variable = "SKEP_SECRETS";

    /// <summary>Most variables that are looked at.</summary>
    public const int MaxNames = 256;

    /// <summary>Longest time that patterns may take on one text; what takes longer is withheld as a whole.</summary>
    private const int PatternMs = 1000;

    /// <summary>Masks tokens of well-known forms.</summary>
    public static string MaskTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!MayHoldToken(text)) return text;
        try
        {
            var masked = Blocks().Replace(text, SecretMasker.Mask);
            masked = Prefixed().Replace(masked, SecretMasker.Mask);
            return Named().Replace(masked, "${name}" + SecretMasker.Mask);
        }
        catch (RegexMatchTimeoutException)
        {
            return SecretMasker.Mask;
        }
    }

    /// <summary>A function that masks the values of the variables that SKEP_SECRETS names, and tokens.</summary>
    public static Func<string, string> MaskerFor(IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (!environment.TryGetValue(Variable, out var names) || names.Length == 0) return MaskTokens;
        var values = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MaxNames)
            .Select(name => environment.GetValueOrDefault(name, "")).Where(value => value.Length >= SecretMasker.MinLength);
        var masker = new SecretMasker(values);
        return text => MaskTokens(masker.MaskText(text));
    }

    // Most texts hold none of these: patterns are looked for only where one of them stands.
    private static readonly System.Buffers.SearchValues<string> Hints = System.Buffers.SearchValues.Create(
        ["sk-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "AKIA", "ASIA", "AIza", "eyJ", "hf_", "npm_", "bearer", "basic ", "-----BEGIN", "token", "secret", "passw", "api_key", "apikey", "api-key", "authorization", "://"],
        StringComparison.OrdinalIgnoreCase);

    private static bool MayHoldToken(string text) => text.AsSpan().ContainsAny(Hints);

    [GeneratedRegex(@"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\z)", RegexOptions.CultureInvariant, PatternMs)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?<![A-Za-z0-9_])(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abprs]-[A-Za-z0-9-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)", RegexOptions.CultureInvariant, PatternMs)]
    private static partial Regex Prefixed();

    // The name stays, so that a reader sees what was there.
    [GeneratedRegex(@"(?<name>(?:\bbearer\s+|\bbasic\s+(?=[A-Za-z0-9+/=]{12})|(?:token|secret|passwd|password|api[_-]?key)[""']?\s*[=:]\s*[""']?|://[^/\s:@]{1,128}:))(?!\*\*\*)[^\s""'@&;,]{4,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, PatternMs)]
    private static partial Regex Named();
}
