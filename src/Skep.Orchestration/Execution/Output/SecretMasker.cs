using System.Buffers;
using System.Text;

namespace Skep.Orchestration.Output;

/// <summary>The values that must not be shown, ready for searching. Immutable, shared by all texts of an attempt.</summary>
internal sealed class SecretMasker
{
    /// <summary>Shorter values are refused: masking them would shred every log and, by where the gaps are, tell the value.</summary>
    public const int MinLength = 4;

    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    /// <summary>Nothing to mask.</summary>
    public static SecretMasker None { get; } = new([]);

    private readonly byte[]?[][] _byFirst = new byte[]?[256][];
    private readonly SearchValues<byte> _firstBytes;

    /// <summary>Makes a masker for these values, their lines, and the ways programs tend to print them (JSON, URL, base64).</summary>
    public SecretMasker(IEnumerable<string> values)
    {
        var patterns = values.SelectMany(Forms).Where(f => f.Length >= MinLength).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes).ToList();
        foreach (var group in patterns.GroupBy(p => p[0]))
            _byFirst[group.Key] = [.. group.OrderByDescending(p => p.Length)];
        _firstBytes = SearchValues.Create([.. patterns.Select(p => p[0]).Distinct()]);
        LongestPattern = patterns.Count == 0 ? 0 : patterns.Max(p => p.Length);
    }

    /// <summary>Bytes of the longest pattern; 0 when there is nothing to mask.</summary>
    public int LongestPattern { get; }

    /// <summary>Masks a whole text.</summary>
    public string MaskText(string text)
    {
        if (LongestPattern == 0 || text.Length == 0) return text;
        var output = new ArrayBufferWriter<byte>(text.Length);
        var stream = new MaskingStream(this);
        stream.Write(Encoding.UTF8.GetBytes(text), output);
        stream.Flush(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Masks a text that may be absent.</summary>
    public string? MaskOptional(string? text) => text is null ? null : MaskText(text);

    /// <summary>Position of the next byte that a secret may begin with, or -1.</summary>
    public int NextCandidate(ReadOnlySpan<byte> data) => data.IndexOfAny(_firstBytes);

    /// <summary>
    /// Length of the longest secret at the start of the data, or 0. <paramref name="mayGrow"/>: the data ends inside what could become a (longer) secret.
    /// </summary>
    public int MatchAt(ReadOnlySpan<byte> data, out bool mayGrow)
    {
        mayGrow = false;
        foreach (var pattern in _byFirst[data[0]] ?? [])
        {
            if (pattern!.Length > data.Length) mayGrow |= pattern.AsSpan().StartsWith(data);
            else if (data.StartsWith(pattern)) return pattern.Length;
        }

        return 0;
    }

    private static IEnumerable<string> Forms(string value)
    {
        yield return value;
        yield return value.Trim();
        foreach (var line in value.Split('\n')) yield return line.Trim();
        yield return System.Text.Json.JsonEncodedText.Encode(value).ToString();
        yield return System.Text.Json.JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        yield return Uri.EscapeDataString(value);
        yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
    }
}
