using System.Text;
using System.Text.Json;
using Skep.Testing.Wire;

namespace Skep.Testing;

/// <summary>What differs between two JSON texts, place by place.</summary>
internal static class JsonDifferences
{
    private const int Shown = 80;
    private const string Nothing = "nothing";

    /// <summary>The differences, in the order of the places; texts that are not JSON are compared as a whole.</summary>
    public static IReadOnlyList<string> Between(string recorded, string asked)
    {
        var (old, now) = (Leaves(recorded), Leaves(asked));
        return [.. old.Keys.Union(now.Keys).Where(k => old.GetValueOrDefault(k) != now.GetValueOrDefault(k))
            .Select(k => Tell(k, old.GetValueOrDefault(k), now.GetValueOrDefault(k)))];
    }

    private static string Tell(string place, string? recorded, string? asked)
    {
        // Long texts are shown from where they part.
        var start = recorded is null || asked is null ? 0 : Math.Max(0, recorded.AsSpan().CommonPrefixLength(asked) - Shown / 4);
        return $"{place}: recorded {Part(recorded, start)}, asked {Part(asked, start)}";
    }

    private static string Part(string? text, int start)
    {
        if (text is null) return Nothing;
        if (text.Length <= Shown) return text;
        var end = Math.Min(text.Length, start + Shown);
        return $"{(start > 0 ? "…" : "")}{text[Math.Min(start, end)..end]}{(end < text.Length ? "…" : "")}";
    }

    private static Dictionary<string, string> Leaves(string text)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        using var document = JsonIn.Parse(Encoding.UTF8.GetBytes(text));
        if (document is null) leaves["body"] = text;
        else Add(leaves, "", document.RootElement);
        return leaves;
    }

    private static void Add(Dictionary<string, string> leaves, string place, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
            foreach (var property in value.EnumerateObject()) Add(leaves, place.Length == 0 ? property.Name : $"{place}.{property.Name}", property.Value);
        else if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
            foreach (var (index, item) in value.EnumerateArray().Index()) Add(leaves, $"{place}[{index}]", item);
        else leaves[place] = value.GetRawText();
    }
}
