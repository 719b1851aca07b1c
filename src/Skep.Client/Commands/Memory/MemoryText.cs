using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Client.Terminal;
using Skep.Plans.Drawing;

namespace Skep.Client.Commands.Memory;

/// <summary>Entries as people and programs read them.</summary>
internal static class MemoryText
{
    /// <summary>One line of JSON.</summary>
    public static string Json<T>(T message, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) JsonSerializer.Serialize(writer, message, type);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>A line that tells about an entry.</summary>
    public static string Line(MemoryEntryMessage entry, DateTimeOffset now)
    {
        var line = $"{entry.Path}  v{entry.Version}  {entry.Type}  {entry.Size} B";
        return entry.Expires is { } expires ? $"{line}  expires in {Left(expires, now)}" : line;
    }

    /// <summary>A line with an entry's value, fit for a terminal.</summary>
    public static string ValueLine(MemoryEntryMessage entry) =>
        $"{entry.Path}\t{(entry.Type == "application/octet-stream" ? $"({entry.Size} bytes)" : PlainLine.Clean(Encoding.UTF8.GetString(Bytes(entry))))}";

    /// <summary>A line with an entry that was found and how its value begins.</summary>
    public static string FoundLine(MemoryEntryMessage entry)
    {
        const int most = 120;
        var line = entry.Text is null && entry.Base64 is null ? $"{entry.Path}\t({entry.Size} bytes)" : ValueLine(entry with { Text = entry.Text is { Length: > 4 * most } text ? text[..(4 * most)] : entry.Text });
        var room = entry.Path.Length + most;
        return line.Length <= room ? line : line[..room] + "…";
    }

    /// <summary>A line that tells of a change.</summary>
    public static string Line(MemoryChangeMessage change) => change.Kind switch
    {
        "lagged" => $"{change.Revision}  lagged: changes up to here are forgotten; list the entries anew",
        _ when change.Entry is { } entry => $"{change.Revision}  {change.Kind}  {ValueLine(entry)}",
        _ => $"{change.Revision}  {change.Kind}  {change.Path}",
    };

    /// <summary>A value's bytes.</summary>
    public static byte[] Bytes(MemoryEntryMessage entry) =>
        entry.Base64 is { } base64 ? Convert.FromBase64String(base64) : Encoding.UTF8.GetBytes(entry.Text ?? "");

    /// <summary>The time until something expires.</summary>
    public static string Left(long expires, DateTimeOffset now) => DurationText.Format(TimeSpan.FromMilliseconds(Math.Max(0, expires - now.ToUnixTimeMilliseconds())));
}
