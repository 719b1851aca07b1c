using Microsoft.Win32.SafeHandles;
using Skep.Vectors.Memory;

namespace Skep.Vectors.Collections;

/// <summary>An open segment: maps its parts, and knows which of their blocks are damaged.</summary>
internal sealed unsafe class SegmentFile : IDisposable
{
    private readonly FileSystem _files;
    private readonly SafeFileHandle _file;
    private readonly long _length;

    private SegmentFile(FileSystem files, SafeFileHandle file, string path, SegmentHead head, long length) => (_files, _file, Path, Head, _length) = (files, file, path, head, length);

    public string Path { get; }

    public SegmentHead Head { get; }

    /// <summary>Bytes of the file.</summary>
    public long Bytes => _length;

    /// <summary>Opens a segment and reads its head.</summary>
    /// <exception cref="VectorException">It is missing, its head is damaged, or it is of a later version.</exception>
    public static SegmentFile Open(FileSystem files, string path)
    {
        SafeFileHandle file;
        try
        {
            file = files.OpenRead(path);
        }
        catch (FileNotFoundException e)
        {
            throw new VectorException(VectorFault.Damaged, $"the segment '{path}' is missing, and with it all that was in it: restore the folder from a snapshot", e);
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            throw DiskFaults.Map(e, "open the segment", path);
        }

        try
        {
            var head = SegmentHead.Read(bytes => Read(files, file, bytes), path)
                ?? throw new VectorException(VectorFault.Damaged, $"the head of the segment '{path}' is damaged, and without it nothing in it can be found: restore the folder from a snapshot");
            return new SegmentFile(files, file, path, head, RandomAccess.GetLength(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Lays a part over the beginning of a range of addresses. Only a part that is there in full.</summary>
    public void Map(SegmentPart part, Reservation memory)
    {
        var section = Head[part];
        memory.MapFile(_file, section.Offset, section.Length);
    }

    /// <summary>Tells the system that a part will be read soon, so that it begins to.</summary>
    public void WillNeed(SegmentPart part) => FileSystem.WillNeed(_file, Head[part].Offset, Head[part].Length);

    /// <summary>Whether the file is long enough to hold a part.</summary>
    public bool IsThere(SegmentPart part) => Head[part] is var section && section.Offset + section.Length <= _length;

    /// <summary>Reads a part that is small enough for managed memory.</summary>
    public byte[] Read(SegmentPart part)
    {
        var section = Head[part];
        var bytes = new byte[section.Length];
        Fill(_files, _file, bytes, section.Offset);
        return bytes;
    }

    /// <summary>Reads a piece of a part and compares the blocks that it lies in with their checksums; null if one of them is not as it was written.</summary>
    public byte[]? ReadSound(SegmentPart part, long offset, int length)
    {
        var section = Head[part];
        var bytes = new byte[length];
        var buffer = new byte[(int)Math.Min(section.Length, SegmentSection.BlockBytes)];
        for (var block = (int)(offset / SegmentSection.BlockBytes); (long)block * SegmentSection.BlockBytes < offset + length; block++)
        {
            if (!IsSound(section, block, buffer)) return null;
            var at = (long)block * SegmentSection.BlockBytes;
            var (from, to) = (Math.Max(offset, at), Math.Min(offset + length, at + section.BytesOf(block)));
            buffer.AsSpan((int)(from - at), (int)(to - from)).CopyTo(bytes.AsSpan((int)(from - offset)));
        }

        return bytes;
    }

    /// <summary>Copies as much of a part as there is into memory.</summary>
    public void Copy(SegmentPart part, Reservation memory)
    {
        var section = Head[part];
        for (var block = 0; block < section.Blocks; block++)
        {
            var at = (long)block * SegmentSection.BlockBytes;
            Fill(_files, _file, new Span<byte>(memory.Address + at, section.BytesOf(block)), section.Offset + at);
        }
    }

    /// <summary>Whether a block of a part is as it was written; false where the file ends before it does.</summary>
    /// <param name="part">The part.</param>
    /// <param name="block">The number of the block in it.</param>
    /// <param name="buffer">Room for a block.</param>
    public bool IsSound(SegmentPart part, int block, byte[] buffer) => IsSound(Head[part], block, buffer);

    /// <summary>Reads a part and returns the numbers of its blocks that are not as they were written, those behind the end of the file among them.</summary>
    public List<int> BadBlocks(SegmentPart part, CancellationToken cancel)
    {
        var section = Head[part];
        var bad = new List<int>();
        var buffer = new byte[(int)Math.Min(section.Length, SegmentSection.BlockBytes)];
        for (var block = 0; block < section.Blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            if (!IsSound(section, block, buffer)) bad.Add(block);
        }

        return bad;
    }

    public void Dispose() => _file.Dispose();

    private bool IsSound(SegmentSection section, int block, byte[] buffer)
    {
        var bytes = buffer.AsSpan(0, section.BytesOf(block));
        var read = Fill(_files, _file, bytes, section.Offset + ((long)block * SegmentSection.BlockBytes));
        return read == bytes.Length && Crc.Of(bytes) == Head.Checksums[section.FirstBlock + block];
    }

    private static byte[] Read(FileSystem files, SafeFileHandle file, int bytes)
    {
        var buffer = new byte[bytes];
        return buffer[..Fill(files, file, buffer, 0)];
    }

    private static int Fill(FileSystem files, SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var got = 0;
        while (got < buffer.Length && files.Read(file, buffer[got..], offset + got) is var read and > 0) got += read;
        return got;
    }
}
