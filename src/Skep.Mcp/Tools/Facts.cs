using System.Text.Json;
using Skep.Orchestration;

namespace Skep.Mcp.Tools;

/// <summary>Writes facts as JSON.</summary>
internal static class Facts
{
    /// <summary>A moment; left out when there is none.</summary>
    public static void Time(this Utf8JsonWriter json, string name, DateTimeOffset? at)
    {
        if (at is { } moment) json.WriteString(name, moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>A duration in seconds, to the millisecond; left out when there is none.</summary>
    public static void Seconds(this Utf8JsonWriter json, string name, TimeSpan? span)
    {
        if (span is { } value) json.WriteNumber(name, Math.Round(value.TotalSeconds, 3));
    }

    /// <summary>A text within a bound; left out when there is none.</summary>
    public static void Cut(this Utf8JsonWriter json, string name, string? text, int most = Bounds.Line)
    {
        if (text is { Length: > 0 }) json.WriteString(name, Text.Shorten(text, most));
    }

    /// <summary>The first rows of a list, and how many were left out.</summary>
    public static void Rows<T>(this Utf8JsonWriter json, string name, IReadOnlyCollection<T> rows, int most, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var row in rows.Take(most))
        {
            json.WriteStartObject();
            write(row);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (rows.Count > most) json.WriteNumber($"{name}_left_out", rows.Count - most);
    }

    /// <summary>A list of texts.</summary>
    public static void Texts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary><c>3 tasks</c>, <c>1 task</c>.</summary>
    public static string Count(long n, string noun) => n == 1 ? $"1 {noun}" : noun.EndsWith('y') ? $"{n} {noun[..^1]}ies" : $"{n} {noun}s";
}
