using Microsoft.Win32.SafeHandles;

namespace Skep.Vectors.Collections;

/// <summary>What a log turned out to hold.</summary>
/// <param name="Good">Bytes up to the end of the last record that is whole.</param>
/// <param name="Torn">Bytes behind them that nobody was told about: a write that a crash interrupted.</param>
/// <param name="Last">Sequence number of the last record.</param>
/// <param name="Records">Records that were read.</param>
/// <param name="Lost">Records that were acknowledged and are damaged; empty unless losses were accepted.</param>
internal readonly record struct LogContent(long Good, long Torn, ulong Last, long Records, IReadOnlyList<string> Lost);

/// <summary>
/// Reads a log. A record that is not whole is either the end of the log, torn by a crash before anybody was told that it is there, or damage. They are told
/// apart by what follows: every record names the last one that was acknowledged before it.
/// </summary>
internal sealed class LogReader(SafeFileHandle file, string path)
{
    private const int Window = 1 << 20;

    /// <summary>Takes each whole record in turn.</summary>
    public delegate void Taker(LogRecord record, ReadOnlySpan<byte> content);

    private readonly long _length = RandomAccess.GetLength(file);
    private byte[] _content = [];

    /// <summary>Reads the whole log.</summary>
    /// <param name="before">Sequence number of the last record before this log.</param>
    /// <param name="acceptLoss">Pass over damaged records.</param>
    /// <param name="take">Gets the records.</param>
    /// <exception cref="VectorException">Acknowledged records are damaged, and that is not accepted.</exception>
    public LogContent Read(ulong before, bool acceptLoss, Taker take)
    {
        var (at, last, records) = ((long)LogHeader.Bytes, before, 0L);
        List<string> lost = [];
        while (at < _length)
        {
            if (Whole(at, last + 1, take) is { } record)
            {
                (at, last, records) = (at + record.Total, record.Sequence, records + 1);
                continue;
            }

            if (NextAfter(at, last) is not { } next) return new LogContent(at, _length - at, last, records, lost);
            var what = $"records {last + 1:N0} to {next.Record.Sequence - 1:N0} in bytes {at:N0} to {next.At:N0} of '{path}'";
            if (!acceptLoss) throw new VectorException(VectorFault.Damaged, $"the log is damaged: {what} were acknowledged and cannot be read. Restore the folder from a snapshot, or open it with AcceptLoss to go on without them");
            lost.Add(what);
            (at, last) = (next.At, next.Record.Sequence - 1);
        }

        return new LogContent(at, 0, last, records, lost);
    }

    /// <summary>The record at a place, if it is whole and the one that is due.</summary>
    private LogRecord? Whole(long at, ulong due, Taker take)
    {
        if (HeadAt(at) is not { } record || record.Sequence != due || !IsContentWhole(at, record)) return null;
        take(record, _content.AsSpan(0, record.Length));
        return record;
    }

    private LogRecord? HeadAt(long at)
    {
        Span<byte> head = stackalloc byte[LogRecord.HeadBytes];
        return RandomAccess.Read(file, head, at) == head.Length ? LogRecord.Read(head) : null;
    }

    private bool IsContentWhole(long at, LogRecord record)
    {
        if (record.Length is < 0 or > LogRecord.MaxLength || at + record.Total > _length) return false;
        if (_content.Length < record.Length) _content = new byte[record.Length];
        var content = _content.AsSpan(0, record.Length);
        for (var got = 0; got < content.Length;)
        {
            var read = RandomAccess.Read(file, content[got..], at + LogRecord.HeadBytes + got);
            if (read == 0) return false;
            got += read;
        }

        return Crc.Of(content) == record.Checksum;
    }

    /// <summary>The next whole record behind a bad place, if one there proves that the bad one was acknowledged; null: nobody was told.</summary>
    private (long At, LogRecord Record)? NextAfter(long bad, ulong last)
    {
        (long, LogRecord)? first = null;
        foreach (var at in Places(bad + 8))
        {
            if (HeadAt(at) is not { } record || record.Sequence <= last + 1 || !IsContentWhole(at, record)) continue;
            first ??= (at, record);
            if (record.Acknowledged > last) return first;
        }

        return null;
    }

    /// <summary>Places at which a record may begin.</summary>
    private IEnumerable<long> Places(long from)
    {
        var window = new byte[Window + LogRecord.HeadBytes];
        for (; from < _length; from += Window)
        {
            var read = RandomAccess.Read(file, window, from);
            for (var i = 0; i < Math.Min(Window, read - LogRecord.HeadBytes + 1); i += 8)
            {
                if (LogRecord.Read(window.AsSpan(i)) is not null) yield return from + i;
            }
        }
    }
}
