using Microsoft.Win32.SafeHandles;
using Skep.Vectors.Memory;

namespace Skep.Vectors.Collections;

/// <summary>An open segment: maps its parts, and knows which of their blocks are damaged.</summary>
internal sealed unsafe class SegmentFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long _length;

    private SegmentFile(SafeFileHandle file, string path, SegmentHead head, long length) => (_file, Path, Head, _length) = (file, path, head, length);

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
            var head = SegmentHead.Read(bytes => Read(file, bytes), path)
                ?? throw new VectorException(VectorFault.Damaged, $"the head of the segment '{path}' is damaged, and without it nothing in it can be found: restore the folder from a snapshot");
            return new SegmentFile(file, path, head, RandomAccess.GetLength(file));
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

    /// <summary>Whether the file is long enough to hold a part.</summary>
    public bool IsThere(SegmentPart part) => Head[part] is var section && section.Offset + section.Length <= _length;

    /// <summary>Reads a part that is small enough for managed memory.</summary>
    public byte[] Read(SegmentPart part)
    {
        var section = Head[part];
        var bytes = new byte[section.Length];
        Fill(_file, bytes, section.Offset);
        return bytes;
    }

    /// <summary>Copies as much of a part as there is into memory.</summary>
    public void Copy(SegmentPart part, Reservation memory)
    {
        var section = Head[part];
        for (var block = 0; block < section.Blocks; block++)
        {
            var at = (long)block * SegmentSection.BlockBytes;
            Fill(_file, new Span<byte>(memory.Address + at, section.BytesOf(block)), section.Offset + at);
        }
    }

    /// <summary>Whether all blocks of a part are as they were written.</summary>
    public bool IsWhole(SegmentPart part) => BadBlocks(part, CancellationToken.None).Count == 0;

    /// <summary>Reads a part and returns the numbers of its blocks that are not as they were written, those behind the end of the file among them.</summary>
    public List<int> BadBlocks(SegmentPart part, CancellationToken cancel)
    {
        var section = Head[part];
        var bad = new List<int>();
        var buffer = new byte[(int)Math.Min(section.Length, SegmentSection.BlockBytes)];
        for (var block = 0; block < section.Blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            var bytes = buffer.AsSpan(0, section.BytesOf(block));
            var read = Fill(_file, bytes, section.Offset + ((long)block * SegmentSection.BlockBytes));
            if (read < bytes.Length || Crc.Of(bytes) != Head.Checksums[section.FirstBlock + block]) bad.Add(block);
        }

        return bad;
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Read(SafeFileHandle file, int bytes)
    {
        var buffer = new byte[bytes];
        return buffer[..Fill(file, buffer, 0)];
    }

    private static int Fill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var got = 0;
        while (got < buffer.Length && RandomAccess.Read(file, buffer[got..], offset + got) is var read and > 0) got += read;
        return got;
    }
}
