using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Skep.Memory.Tables;
using Skep.Storage;

namespace Skep.Memory.Exchange;

/// <summary>Writes entries as JSON, one after the other. The same entries give the same bytes.</summary>
internal sealed class Exporter(Stream target, Func<long> now)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes all entries of a prefix that exist.</summary>
    /// <returns>How many.</returns>
    internal long Write(SqlSession sql, MemoryPrefix prefix)
    {
        using var json = new Utf8JsonWriter(target, Options);
        Begin(target, json, prefix);
        long count = 0;
        foreach (var entry in EntryReader.Scan(sql, prefix, after: null, withValues: true))
        {
            if (EntryRow.IsExpired(entry.ExpiresUnixMs, now())) continue;
            NewLine(json, first: count == 0);
            json.Reset();
            WriteEntry(json, entry, VectorTable.Find(sql, entry.Path));
            count++;
        }

        json.Flush();
        json.Reset();
        target.Write(count == 0 ? "]}\n"u8 : "\n]}\n"u8);
        target.Flush();
        return count;
    }

    /// <summary>Writes a file without entries.</summary>
    internal static long WriteEmpty(Stream target, MemoryPrefix prefix)
    {
        using var json = new Utf8JsonWriter(target, Options);
        Begin(target, json, prefix);
        target.Write("]}\n"u8);
        target.Flush();
        return 0;
    }

    /// <summary>The parts around entries are written past the writer, which knows no lines.</summary>
    private static void Begin(Stream target, Utf8JsonWriter json, MemoryPrefix prefix)
    {
        target.Write("{\"format\":\"skep-memory\",\"version\":1,\"prefix\":"u8);
        json.WriteStringValue(prefix.Text);
        json.Flush();
        json.Reset();
        target.Write(",\"entries\":["u8);
    }

    private void NewLine(Utf8JsonWriter json, bool first)
    {
        json.Flush();
        target.Write(first ? "\n"u8 : ",\n"u8);
    }

    private static void WriteEntry(Utf8JsonWriter json, MemoryEntry entry, EntryVector? vector)
    {
        json.WriteStartObject();
        json.WriteString("path", entry.Path);
        json.WriteNumber("version", entry.Version);
        json.WriteString("type", entry.ContentType.Name());
        json.WriteNumber("created", entry.CreatedUnixMs);
        json.WriteNumber("updated", entry.UpdatedUnixMs);
        if (entry.ExpiresUnixMs is { } expires) json.WriteNumber("expires", expires);
        if (entry.Author.Agent is { } agent) json.WriteString("agent", agent);
        if (entry.Author.Task is { } task) json.WriteString("task", task);
        if (entry.Author.Run is { } run) json.WriteString("run", run);
        if (MemoryTags.Join(entry.Tags) is { } tags) json.WriteString("tags", tags);
        if (vector is not null)
        {
            json.WriteString("model", vector.Model.ToString());
            json.WriteBase64String("vector", MemoryMarshal.AsBytes(vector.Numbers.Span));
        }

        if (entry.ContentType == MemoryContentType.Binary) json.WriteBase64String("base64", entry.Value!.Value.Span);
        else json.WriteString("text", entry.Value!.Value.Span);
        json.WriteEndObject();
    }
}
