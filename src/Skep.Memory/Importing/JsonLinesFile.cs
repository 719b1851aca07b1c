using System.Text;
using System.Text.Json;
using Skep.Embeddings;

namespace Skep.Memory.Importing;

/// <summary>Reads entries that are objects on lines of their own.</summary>
internal static class JsonLinesFile
{
    internal static IEnumerable<StoreRequest> Read(Stream file, MemoryLimits limits, EmbeddingModelId? model)
    {
        var lines = new BoundedLines(file, (6 * limits.MaxValueBytes) + (256 * 1024));
        while (lines.Next())
        {
            if (lines.Current.Span.Trim((byte)' ').Trim((byte)'\t').IsEmpty) continue;
            yield return Entry(lines.Current, $"line {lines.Number}", model);
        }
    }

    private static StoreRequest Entry(ReadOnlyMemory<byte> line, string place, EmbeddingModelId? model)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MemoryLimits.MaxJsonDepth + 1 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw ImportFaults.At(place, "it is not an object, such as {\"path\":\"notes/one\",\"text\":\"…\"}");
            return Entry(document.RootElement, place, model);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw ImportFaults.At(place, $"it is not JSON with members as expected: {e.Message}", e);
        }
    }

    private static StoreRequest Entry(JsonElement line, string place, EmbeddingModelId? model)
    {
        string? path = null;
        (byte[] Bytes, MemoryContentType Type)? value = null;
        var (author, tags, ttl, numbers) = (MemoryAuthor.Unknown, (IReadOnlyList<string>)[], (TimeSpan?)null, (float[]?)null);
        foreach (var member in line.EnumerateObject())
        {
            switch (member.Name)
            {
                case "path": path = member.Value.GetString(); break;
                case "text" or "json" or "base64" when value is not null: throw ImportFaults.At(place, "it has more than one of text, json and base64");
                case "text": value = (Encoding.UTF8.GetBytes(member.Value.GetString() ?? ""), MemoryContentType.Text); break;
                case "json": value = (Encoding.UTF8.GetBytes(member.Value.GetRawText()), MemoryContentType.Json); break;
                case "base64": value = (member.Value.GetBytesFromBase64(), MemoryContentType.Binary); break;
                case "tags": tags = [.. member.Value.EnumerateArray().Select(static t => t.GetString() ?? "")]; break;
                case "agent": author = author with { Agent = member.Value.GetString() }; break;
                case "task": author = author with { Task = member.Value.GetString() }; break;
                case "run": author = author with { Run = member.Value.GetString() }; break;
                case "ttl": ttl = Ttl(member.Value.GetDouble(), place); break;
                case "vector": numbers = [.. member.Value.EnumerateArray().Select(static n => n.GetSingle())]; break;
                case "model": model = EmbeddingModelId.TryParse(member.Value.GetString(), out var id) ? id : throw ImportFaults.At(place, "\"model\" is not NAME:DIMENSIONS:unit or NAME:DIMENSIONS:raw"); break;
                default: throw ImportFaults.At(place, $"\"{MemoryPath.Shown(member.Name)}\" is not known; known are path, text, json, base64, tags, agent, task, run, ttl, vector and model");
            }
        }

        if (path is null) throw ImportFaults.At(place, "\"path\" is missing");
        if (value is not { } given) throw ImportFaults.At(place, "the value is missing: give text, json or base64");
        if (numbers is not null && model is null) throw ImportFaults.At(place, "what made its vector is not known: give \"model\", or the model for the whole file");
        return new StoreRequest(path, given.Bytes) { ContentType = given.Type, Author = author, Tags = tags, Ttl = ttl, Vector = numbers is null ? null : new EntryVector(model!, numbers) };
    }

    private static TimeSpan Ttl(double seconds, string place) =>
        seconds > 0 && seconds <= MemoryLimits.MaxTtl.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw ImportFaults.At(place, $"a time-to-live of {seconds} seconds is not possible");
}

/// <summary>Lines of a file, of which none is longer than a bound.</summary>
internal sealed class BoundedLines(Stream file, int most)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>The line, without its end.</summary>
    internal ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>Its number, from 1.</summary>
    internal long Number { get; private set; }

    internal bool Next()
    {
        for (var from = _start; ;)
        {
            var at = _buffer.AsSpan(from, _end - from).IndexOf((byte)'\n');
            if (at >= 0) return Take(from + at, from + at + 1);
            if (_atEnd) return _start < _end && Take(_end, _end);
            var looked = _end - _start;
            Fill();
            from = _start + looked;
        }
    }

    private bool Take(int end, int next)
    {
        var line = _buffer.AsMemory(_start, end - _start);
        if (line.Length > 0 && line.Span[^1] == '\r') line = line[..^1];
        if (Number == 0 && line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
        (Current, _start, Number) = (line, next, Number + 1);
        return true;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_end, _start) = (_end - _start, 0);
        if (_end == _buffer.Length)
        {
            if (_end >= most) throw ImportFaults.At($"line {Number + 1}", $"it has more than {most} bytes");
            Array.Resize(ref _buffer, Math.Min(most, 2 * _buffer.Length));
        }

        var count = file.Read(_buffer, _end, _buffer.Length - _end);
        _atEnd = count == 0;
        _end += count;
    }
}
