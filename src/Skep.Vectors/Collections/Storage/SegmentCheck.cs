namespace Skep.Vectors.Collections;

/// <summary>
/// Compares parts of a segment with their checksums before they are used. It begins when it is made: a second thread tells the system which parts will be
/// read, no more than those, and begins to check them, while whoever opens the segment does what else there is to do. Where files are cold, an opening
/// would else wait for one answer of the disk after the other, and for what the system reads beyond each part.
/// </summary>
internal sealed class SegmentCheck : IDisposable
{
    /// <summary>Fewer blocks are not worth a second thread.</summary>
    private const int WorthAThread = 8;

    /// <summary>Bytes that the system is asked for ahead: more might push out of memory what was read first.</summary>
    private const long MostAhead = 256L << 20;

    private readonly SegmentFile _file;
    private readonly SegmentPart[] _parts;
    private readonly List<(int Part, int Block)> _blocks = [];
    private readonly List<int>[] _bad;
    private readonly int _largest;
    private readonly Task _helper;
    private int _next;

    /// <summary>Begins to check. Parts that the segment has not are whole.</summary>
    public SegmentCheck(SegmentFile file, params ReadOnlySpan<SegmentPart> parts)
    {
        (_file, _parts, _bad) = (file, parts.ToArray(), new List<int>[parts.Length]);
        for (var i = 0; i < parts.Length; i++)
        {
            _bad[i] = [];
            var section = file.Head[parts[i]];
            for (var block = 0; block < section.Blocks; block++) _blocks.Add((i, block));
            _largest = Math.Max(_largest, section.BytesOf(0));
        }

        // A thread of its own: it waits for the disk, and those of the pool are as many as there are processors.
        _helper = _blocks.Count < WorthAThread ? Task.CompletedTask : Task.Factory.StartNew(ReadAhead, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The numbers of a part's blocks that are not as they were written, those behind the end of the file among them. Waits until all parts are read.</summary>
    public IReadOnlyList<int> BadBlocks(SegmentPart part)
    {
        Read();
        _helper.GetAwaiter().GetResult();
        return _bad[Array.IndexOf(_parts, part)];
    }

    /// <summary>Whether all blocks of a part are as they were written.</summary>
    public bool IsWhole(SegmentPart part) => BadBlocks(part).Count == 0;

    /// <summary>Stops: nobody reads from the file any more.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _next, _blocks.Count);
        try
        {
            _helper.Wait();
        }
        catch (AggregateException)
        {
            // Whoever asked for results was told.
        }
    }

    private void ReadAhead()
    {
        var left = MostAhead;
        foreach (var part in _parts)
        {
            if ((left -= _file.Head[part].Length) < 0) break;
            _file.WillNeed(part);
        }

        Read();
    }

    /// <summary>Takes the next block that nobody has taken, until there is none.</summary>
    private void Read()
    {
        byte[]? buffer = null;
        while (Interlocked.Increment(ref _next) - 1 is var i && i < _blocks.Count)
        {
            var (part, block) = _blocks[i];
            if (_file.IsSound(_parts[part], block, buffer ??= GC.AllocateUninitializedArray<byte>(_largest))) continue;
            lock (_bad[part])
            {
                _bad[part].Add(block);
                _bad[part].Sort();
            }
        }
    }
}
