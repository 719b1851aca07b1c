using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Skep.Testing;

/// <summary>Takes secrets out of texts.</summary>
internal sealed partial class Masker
{
    private const string Mask = "***";

    /// <summary>Keys of requests that are shorter are no real ones, and might be ordinary words.</summary>
    private const int ShortestKey = 12;

    private static readonly string[] KeyHeaders = ["authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "set-cookie"];
    private readonly List<string> _secrets = [];
    private readonly HashSet<string> _kept;

    /// <summary>Prepares it.</summary>
    /// <exception cref="ArgumentException">A secret is too short.</exception>
    public Masker(CassetteOptions options)
    {
        foreach (var secret in options.Secrets)
        {
            if (secret.Length < CassetteOptions.ShortestSecret)
                throw new ArgumentException($"A secret has {secret.Length} characters; masking fewer than {CassetteOptions.ShortestSecret} would mask ordinary text. Remove it from {nameof(CassetteOptions.Secrets)}.", nameof(options));
            AddForms(_secrets, secret);
        }

        _kept = options.Headers.Where(h => !KeyHeaders.Contains(h, StringComparer.OrdinalIgnoreCase)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A text without secrets.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keys">Keys of the request.</param>
    public string Text(string text, IReadOnlyList<string> keys)
    {
        foreach (var secret in _secrets.Concat(keys).OrderByDescending(s => s.Length)) text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return KeyShape().Replace(QueryKey().Replace(text, "${name}" + Mask), Mask);
    }

    /// <summary>The headers that are kept, without secrets.</summary>
    public Dictionary<string, string> Headers(IEnumerable<KeyValuePair<string, string>> headers, IReadOnlyList<string> keys) =>
        headers.Where(h => _kept.Contains(h.Key)).ToDictionary(h => h.Key.ToLowerInvariant(), h => Text(h.Value, keys), StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys that a request carries in its headers.</summary>
    public static IReadOnlyList<string> Keys(IEnumerable<KeyValuePair<string, string>> headers)
    {
        List<string> keys = [];
        foreach (var (name, value) in headers)
        {
            if (!KeyHeaders.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            foreach (var part in value.Split(' '))
                if (part.Length >= ShortestKey) AddForms(keys, part);
        }

        return keys;
    }

    /// <summary>A secret as itself, and as JSON spells it in either of the usual ways.</summary>
    private static void AddForms(List<string> secrets, string secret)
    {
        secrets.Add(secret);
        foreach (var form in new[] { JavaScriptEncoder.Default.Encode(secret), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret) })
            if (!secrets.Contains(form)) secrets.Add(form);
    }

    [GeneratedRegex(@"\bsk-[A-Za-z0-9_\-]{12,}|(?<=\bBearer )[A-Za-z0-9_\-.~+/]{12,}=*", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex KeyShape();

    [GeneratedRegex(@"(?<name>[?&](?:key|api_key|api-key|access_token|token)=)[^&\s""]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 5000)]
    private static partial Regex QueryKey();
}
