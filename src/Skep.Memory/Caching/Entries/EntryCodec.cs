using System.Text;

namespace Skep.Memory.Caching;

/// <summary>Entries as bytes for shared caches: a format number, then the fields in order, texts with their length, then the value.</summary>
internal sealed class EntryCodec : ICacheCodec<MemoryEntry>
{
    /// <summary>2: with tags. Nodes that know another one take such bytes for nobody's, and ask the source.</summary>
    private const byte Format = 2;

    /// <summary>Bytes of an entry beside its path and value.</summary>
    private const int Fields = 160;

    /// <summary>Bytes of a tag beside its letters.</summary>
    private const int TagFields = 32;

    public int SizeOf(MemoryEntry value) => Fields + (2 * value.Path.Length) + value.Tags.Sum(static t => TagFields + (2 * t.Length)) + (value.Value?.Length ?? 0);

    public ReadOnlyMemory<byte> Encode(MemoryEntry value)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Format);
        foreach (var number in new[] { value.Version, value.Revision, (long)value.ContentType, value.CreatedUnixMs, value.UpdatedUnixMs, value.ExpiresUnixMs ?? -1 }) writer.Write(number);
        foreach (var text in new[] { value.Path, value.Author.Agent ?? "", value.Author.Task ?? "", value.Author.Run ?? "", MemoryTags.Join(value.Tags) ?? "" }) writer.Write(text);
        writer.Write((value.Value ?? default).Span);
        writer.Flush();
        return stream.ToArray();
    }

    public MemoryEntry? Decode(string key, ReadOnlySpan<byte> bytes)
    {
        using var stream = new MemoryStream(bytes.ToArray());
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        try
        {
            return reader.ReadByte() == Format ? Read(key, reader, bytes) : null;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return null; // Somebody else's bytes.
        }
    }

    private static MemoryEntry? Read(string key, BinaryReader reader, ReadOnlySpan<byte> bytes)
    {
        var (version, revision, type, created, updated, expires) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var (path, agent, task, run, tags) = (reader.ReadString(), Text(reader), Text(reader), Text(reader), Text(reader));
        if (path != key || type < 0 || !Enum.IsDefined((MemoryContentType)type)) return null;
        var value = bytes[(int)reader.BaseStream.Position..].ToArray();
        return new MemoryEntry
        {
            Path = path,
            Version = version,
            Revision = revision,
            ContentType = (MemoryContentType)type,
            CreatedUnixMs = created,
            UpdatedUnixMs = updated,
            ExpiresUnixMs = expires < 0 ? null : expires,
            Author = agent is null && task is null && run is null ? MemoryAuthor.Unknown : new MemoryAuthor(agent, task, run),
            Size = value.Length,
            Tags = MemoryTags.Split(tags),
            Value = value,
        };
    }

    private static string? Text(BinaryReader reader) => reader.ReadString() is { Length: > 0 } text ? text : null;
}
