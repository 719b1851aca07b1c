using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Skep.Vectors.Memory;

namespace Skep.Vectors.Collections;

/// <summary>The head of a segment: facts, where the parts lie, the checksums of all their blocks, and a checksum of itself.</summary>
internal sealed class SegmentHead
{
    private const uint Magic = 0x5356_4B53; // "SKVS"
    private const int FactBytes = 96, SectionBytes = 32, MaxSections = 64, MaxBytes = 64 << 20;

    private SegmentHead(SegmentFacts facts, SegmentSection[] sections, uint[] checksums) => (Facts, Sections, Checksums) = (facts, sections, checksums);

    public SegmentFacts Facts { get; }

    public IReadOnlyList<SegmentSection> Sections { get; }

    /// <summary>Of each block of each part.</summary>
    public uint[] Checksums { get; }

    /// <summary>Bytes of the whole file.</summary>
    public long FileBytes => Sections.Max(s => s.Offset + s.Length);

    public SegmentSection this[SegmentPart part] => Sections.FirstOrDefault(s => s.Part == part);

    /// <summary>Lays parts out one after the other. Their checksums are filled in as they are written.</summary>
    public static SegmentHead Plan(SegmentFacts facts, IReadOnlyList<(SegmentPart Part, long Length)> parts)
    {
        var blocks = parts.Sum(p => new SegmentSection(p.Part, 0, p.Length, 0).Blocks);
        var at = Aligned(BytesFor(parts.Count, blocks));
        var sections = new SegmentSection[parts.Count];
        for (int i = 0, block = 0; i < sections.Length; i++)
        {
            sections[i] = new SegmentSection(parts[i].Part, at, parts[i].Length, block);
            block += sections[i].Blocks;
            at = Aligned(at + parts[i].Length);
        }

        return new SegmentHead(facts, sections, new uint[blocks]);
    }

    public byte[] Write()
    {
        var bytes = new byte[BytesFor(Sections.Count, Checksums.Length)];
        int[] numbers = [unchecked((int)Magic), Manifest.Version, bytes.Length, Sections.Count, Checksums.Length, Facts.Rows, Facts.Dimension, (int)Facts.Metric, (int)Facts.Codes, Facts.M, Facts.Linked, Facts.Entry, Facts.EntryLevel, Facts.UpperUsed, Facts.KeyCapacity];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), numbers[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(64), Facts.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(72), Facts.KeySeed);
        for (var i = 0; i < Sections.Count; i++)
        {
            var at = bytes.AsSpan(FactBytes + (i * SectionBytes));
            BinaryPrimitives.WriteInt32LittleEndian(at, (int)Sections[i].Part);
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], Sections[i].FirstBlock);
            BinaryPrimitives.WriteInt64LittleEndian(at[8..], Sections[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(at[16..], Sections[i].Length);
        }

        MemoryMarshal.AsBytes<uint>(Checksums).CopyTo(bytes.AsSpan(FactBytes + (Sections.Count * SectionBytes)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc.Of(bytes.AsSpan(0, bytes.Length - 4)));
        return bytes;
    }

    /// <summary>Reads a head; null where it is damaged.</summary>
    /// <param name="read">Reads so many bytes from the beginning, or as many as there are.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="VectorException">It is of a later version.</exception>
    public static SegmentHead? Read(Func<int, byte[]> read, string path)
    {
        var bytes = read(FactBytes);
        if (bytes.Length < FactBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic) return null;
        var (length, sections, blocks) = (Int(bytes, 2), Int(bytes, 3), Int(bytes, 4));
        if (sections is < 1 or > MaxSections || blocks < 0 || length is < FactBytes or > MaxBytes || length != BytesFor(sections, blocks)) return null;
        bytes = read(length);
        if (bytes.Length < length || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(length - 4)) != Crc.Of(bytes.AsSpan(0, length - 4))) return null;
        if (Int(bytes, 1) != Manifest.Version) throw new VectorException(VectorFault.Incompatible, $"the segment '{path}' is of version {Int(bytes, 1)}, and this program reads version {Manifest.Version}: use a program that is as new as the one that wrote it");
        var table = new SegmentSection[sections];
        for (var i = 0; i < sections; i++)
        {
            var at = bytes.AsSpan(FactBytes + (i * SectionBytes));
            table[i] = new SegmentSection((SegmentPart)BinaryPrimitives.ReadInt32LittleEndian(at), BinaryPrimitives.ReadInt64LittleEndian(at[8..]), BinaryPrimitives.ReadInt64LittleEndian(at[16..]), BinaryPrimitives.ReadInt32LittleEndian(at[4..]));
        }

        return new SegmentHead(FactsOf(bytes), table, MemoryMarshal.Cast<byte, uint>(bytes.AsSpan(FactBytes + (sections * SectionBytes), blocks * 4)).ToArray());
    }

    private static SegmentFacts FactsOf(byte[] bytes) => new()
    {
        Rows = Int(bytes, 5),
        Dimension = Int(bytes, 6),
        Metric = (VectorMetric)Int(bytes, 7),
        Codes = (VectorCodes)Int(bytes, 8),
        M = Int(bytes, 9),
        Linked = Int(bytes, 10),
        Entry = Int(bytes, 11),
        EntryLevel = Int(bytes, 12),
        UpperUsed = Int(bytes, 13),
        KeyCapacity = Int(bytes, 14),
        Sequence = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(64)),
        KeySeed = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(72)),
    };

    private static int Int(byte[] bytes, int place) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(place * 4));

    private static int BytesFor(int sections, int blocks) => FactBytes + (sections * SectionBytes) + (blocks * 4) + 4;

    private static long Aligned(long at) => (at + Reservation.PageAlignment - 1) / Reservation.PageAlignment * Reservation.PageAlignment;
}
