using Microsoft.Win32.SafeHandles;

namespace Skep.Vectors.Collections;

/// <summary>The log that is written to. One thread at a time.</summary>
internal sealed class LogFile : IDisposable
{
    private static readonly byte[] Zeros = new byte[8];

    private readonly FileSystem _files;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private VectorException? _broken;

    private LogFile(FileSystem files, SafeFileHandle file, string path, int number, long length, ulong last) =>
        (_files, _file, _path, Number, Length, Last) = (files, file, path, number, length, last);

    public int Number { get; }

    /// <summary>Bytes that are on disk for certain.</summary>
    public long Length { get; private set; }

    /// <summary>The last record.</summary>
    public ulong Last { get; private set; }

    /// <summary>Makes an empty log that is there after a power cut.</summary>
    public static LogFile Create(FileSystem files, CollectionPaths paths, int number, ulong last)
    {
        var path = paths.Log(number);
        try
        {
            files.Replace(path, new LogHeader(number, last).Write());
            return new LogFile(files, files.OpenWrite(path), path, number, LogHeader.Bytes, last);
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            throw DiskFaults.Map(e, "make the log", path);
        }
    }

    /// <summary>Goes on with a log that was read. What a crash left behind its last record is cut off.</summary>
    public static LogFile Continue(FileSystem files, CollectionPaths paths, int number, LogContent content)
    {
        var path = paths.Log(number);
        try
        {
            var file = files.OpenWrite(path);
            if (content.Torn > 0) files.Cut(file, content.Good);
            files.Sync(file);
            return new LogFile(files, file, path, number, content.Good, content.Last);
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            throw DiskFaults.Map(e, "go on with the log", path);
        }
    }

    /// <summary>Appends records, which are on disk when this returns: all or none of them.</summary>
    /// <param name="records">What they say, with kinds and checksums.</param>
    /// <exception cref="VectorException">The disk refuses. Nothing was appended; or, where a sync failed, nobody can know, and nothing more is appended.</exception>
    public void Append(IReadOnlyList<(LogRecordKind Kind, ReadOnlyMemory<byte> Content, uint Checksum)> records)
    {
        if (_broken is not null) throw _broken;
        var (at, last) = (Length, Last);
        Span<byte> head = stackalloc byte[LogRecord.HeadBytes];
        try
        {
            foreach (var (kind, content, checksum) in records)
            {
                var record = new LogRecord(kind, content.Length, ++last, Last, checksum);
                record.Write(head);
                _files.Write(_file, head, at);
                if (!content.IsEmpty) _files.Write(_file, content.Span, at + LogRecord.HeadBytes);
                var padding = (int)(LogRecord.Padded(content.Length) - content.Length);
                if (padding > 0) _files.Write(_file, Zeros.AsSpan(0, padding), at + LogRecord.HeadBytes + content.Length);
                at += record.Total;
            }
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            TakeBack();
            throw DiskFaults.Map(e, "append to the log", _path, "; none of it was stored");
        }

        Sync();
        (Length, Last) = (at, last);
    }

    public void Dispose() => _file.Dispose();

    private void Sync()
    {
        try
        {
            _files.Sync(_file);
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            // After a failed sync the system may have forgotten what it could not write: only reading the file again tells.
            _broken = DiskFaults.Map(e, "sync the log", _path, "; whether the last batches were stored shows when the collection is opened again, and until then it takes no more");
            throw _broken;
        }
    }

    /// <summary>A part of a batch must not stay behind the last record: it would be taken for damage once others follow.</summary>
    private void TakeBack()
    {
        try
        {
            _files.Cut(_file, Length);
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            _broken = DiskFaults.Map(e, "take back a part of a batch from the log", _path, "; it is cut off when the collection is opened again, and until then it takes no more");
        }
    }
}
