using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Collections;

/// <summary>Writes an index with its keys and fields as a segment: everything as it lies in memory, so that it can be used where it is mapped.</summary>
internal static unsafe class SegmentWriter
{
    /// <summary>Writes a segment under its name; it is there after a power cut, or it is not there at all.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The segment's path.</param>
    /// <param name="index">Rows, none of which is deleted for the reader of the file.</param>
    /// <param name="keys">Their keys.</param>
    /// <param name="fields">Their fields.</param>
    /// <param name="sequence">The last log record whose effects are contained.</param>
    /// <param name="cancel">Stops between two blocks; nothing stays behind.</param>
    /// <exception cref="VectorException">The disk refuses. Nothing stays behind.</exception>
    public static void Write(FileSystem files, string path, VectorIndex index, KeyStore keys, FieldView fields, ulong sequence, CancellationToken cancel)
    {
        var temporary = path + CollectionPaths.Temporary;
        try
        {
            using (var file = files.Create(temporary)) WriteParts(files, file, index, keys, fields, sequence, cancel);
            files.Move(temporary, path);
            files.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch (Exception e)
        {
            TryDelete(files, temporary);
            if (!DiskFaults.IsOne(e)) throw;
            throw DiskFaults.Map(e, "write the segment", path, "; the collection goes on with what it had");
        }
    }

    private static void WriteParts(FileSystem files, SafeFileHandle file, VectorIndex index, KeyStore keys, FieldView fields, ulong sequence, CancellationToken cancel)
    {
        var columns = new ArrayBufferWriter<byte>();
        fields.Write(columns);
        var codec = index.Codes?.Codec.Write() ?? [];
        fixed (byte* codecBytes = codec, columnBytes = columns.WrittenSpan)
        {
            var parts = Parts(index, keys);
            parts.Add((SegmentPart.Codec, (nint)codecBytes, codec.Length));
            parts.Add((SegmentPart.Fields, (nint)columnBytes, columns.WrittenCount));
            var head = SegmentHead.Plan(FactsOf(index, keys, sequence), [.. parts.Select(p => (p.Part, p.Length))]);
            for (var i = 0; i < parts.Count; i++) Write(files, file, head, head.Sections[i], (byte*)parts[i].At, cancel);
            // A reader may map the last part as a whole.
            files.Cut(file, head.FileBytes);
            files.Write(file, head.Write(), 0);
            files.Sync(file);
        }
    }

    private static void Write(FileSystem files, SafeFileHandle file, SegmentHead head, SegmentSection section, byte* from, CancellationToken cancel)
    {
        for (var block = 0; block < section.Blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            var at = (long)block * SegmentSection.BlockBytes;
            var bytes = new ReadOnlySpan<byte>(from + at, section.BytesOf(block));
            head.Checksums[section.FirstBlock + block] = Crc.Of(bytes);
            files.Write(file, bytes, section.Offset + at);
        }
    }

    private static List<(SegmentPart Part, nint At, long Length)> Parts(VectorIndex index, KeyStore keys)
    {
        var (rows, links, count) = (index.Rows, index.Links, (long)index.Count);
        List<(SegmentPart Part, nint At, long Length)> parts =
        [
            (SegmentPart.KeyEnds, (nint)keys.EndMemory.Address, (count + 1) * sizeof(long)),
            (SegmentPart.KeyText, (nint)keys.TextMemory.Address, keys.End((int)count)),
            (SegmentPart.KeySlots, (nint)keys.Slots.Memory.Address, keys.Slots.Bytes),
            (SegmentPart.Rows, (nint)rows.First, count * rows.Length * sizeof(float)),
        ];
        if (index.Codes is not { } codes || index.Linked == 0) return parts;
        if (codes.CodeMemory is { } memory)
        {
            parts.Add((SegmentPart.Codes, (nint)memory.Address, count * codes.Codec.Stride));
            parts.Add((SegmentPart.Parts, (nint)codes.Parts, count * codes.Codec.PartCount * sizeof(float)));
        }

        parts.Add((SegmentPart.Level0, (nint)links.Level0, count * links.M0 * sizeof(int)));
        parts.Add((SegmentPart.Levels, (nint)links.LevelMemory.Address, count));
        parts.Add((SegmentPart.UpperAt, (nint)links.UpperAtMemory.Address, count * sizeof(int)));
        parts.Add((SegmentPart.Upper, (nint)links.UpperMemory.Address, (long)links.UpperUsed * links.M * sizeof(int)));
        return parts;
    }

    private static SegmentFacts FactsOf(VectorIndex index, KeyStore keys, ulong sequence) => new()
    {
        Rows = index.Count,
        Sequence = sequence,
        Dimension = index.Options.Dimension,
        Metric = index.Options.Metric,
        Codes = index.Options.Codes,
        M = index.Options.Graph.M,
        Linked = index.Linked,
        Entry = index.Links.Entry.Row,
        EntryLevel = index.Links.Entry.Level,
        UpperUsed = index.Links.UpperUsed,
        KeySeed = keys.Seed,
        KeyCapacity = keys.Slots.Capacity,
    };

    private static void TryDelete(FileSystem files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            // Whoever opens the folder next removes it.
        }
    }
}
