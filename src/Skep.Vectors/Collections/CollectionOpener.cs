namespace Skep.Vectors.Collections;

/// <summary>Opens the files of a collection: manifest, segment, logs, in this order. Every open ends with what was acknowledged, or with the name of what is lost.</summary>
internal sealed class CollectionOpener(CollectionState state)
{
    private readonly List<string> _rebuilt = [], _lost = [];
    private readonly List<int> _replaced = [];
    private long _replayed, _torn;

    /// <summary>What was found.</summary>
    public OpeningReport Report => new(_replayed, _torn, _rebuilt, _lost);

    private CollectionPaths Paths => state.Paths!;

    private CollectionOptions Options => state.Options;

    /// <summary>Opens the collection, or makes it. Returns the log that goes on; null for one in memory.</summary>
    public LogFile? Open()
    {
        if (state.Paths is null)
        {
            state.Current = Generation.Empty(Options);
            return null;
        }

        try
        {
            var manifest = Manifest.Read(Paths.Manifest) ?? Create();
            manifest.Require(Options.Index, Paths.Folder);
            state.Manifest = manifest;
            state.Current = Segment(manifest);
            var log = Replay(manifest);
            Settle();
            Leftovers.Remove(state.Files, Paths, manifest);
            return log;
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            throw DiskFaults.Map(e, "open the collection", Paths.Folder);
        }
    }

    private Manifest Create()
    {
        var logs = Paths.Logs();
        var isEmpty = Paths.Segments().Count == 0 && logs.All(n => n == 1 && new FileInfo(Paths.Log(n)).Length <= LogHeader.Bytes);
        if (!isEmpty) throw new VectorException(VectorFault.Damaged, $"'{Paths.Manifest}' is missing, though segments or logs are there: it says which of them belong together. Restore it from a snapshot, or move the other files away to begin anew");
        LogFile.Create(state.Files, Paths, 1, 0).Dispose();
        var manifest = new Manifest(Options.Index.Dimension, Options.Index.Metric, Options.Index.Codes, Options.Index.Graph.M, Segment: 0, FirstLog: 1, Sequence: 0);
        state.Files.Replace(Paths.Manifest, manifest.Write());
        return manifest;
    }

    private Generation Segment(Manifest manifest)
    {
        if (manifest.Segment == 0) return Generation.Empty(Options);
        var file = SegmentFile.Open(state.Files, Paths.Segment(manifest.Segment));
        try
        {
            var facts = file.Head.Facts;
            if ((facts.Dimension, facts.Metric, facts.Codes, facts.M) != (manifest.Dimension, manifest.Metric, manifest.Codes, manifest.M) || facts.Sequence < manifest.Sequence)
                throw new VectorException(VectorFault.Damaged, $"the segment '{file.Path}' belongs to another collection, or is older than the manifest says: restore the folder from a snapshot");
            var generation = new SegmentLoader(file, state, _rebuilt).Load(Options.VerifyOnOpen);
            // Until the check in the background has read them.
            if (!Options.VerifyOnOpen) generation.Index.ExpectRowReads(areApart: true);
            return generation;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the logs on top of the segment.</summary>
    private LogFile Replay(Manifest manifest)
    {
        var (number, last) = (manifest.FirstLog, manifest.Sequence);
        while (true)
        {
            var content = Read(number, last);
            last = content.Last;
            // A next log that was made, but not known to be on disk for certain, was never gone on with.
            if (!File.Exists(Paths.Log(number + 1)) || HeadOf(number + 1, last).Base < last)
            {
                _torn += content.Torn;
                return LogFile.Continue(state.Files, Paths, number, content);
            }

            state.EarlierLogBytes += content.Good;
            number++;
        }
    }

    private LogHeader HeadOf(int number, ulong last)
    {
        var path = Paths.Log(number);
        using var file = state.Files.OpenRead(path);
        var head = new byte[LogHeader.Bytes];
        var read = RandomAccess.Read(file, head, 0);
        return LogHeader.Read(head.AsSpan(0, read), path)
            ?? throw new VectorException(VectorFault.Damaged, $"the head of the log '{path}' is damaged; {RandomAccess.GetLength(file):N0} bytes of records after number {last:N0} may be behind it: restore the folder from a snapshot");
    }

    private LogContent Read(int number, ulong last)
    {
        var path = Paths.Log(number);
        if (!File.Exists(path)) throw new VectorException(VectorFault.Damaged, $"the log '{path}' is missing, and with it all records after number {last:N0}: restore the folder from a snapshot");
        var header = HeadOf(number, last);
        using var file = state.Files.OpenRead(path);
        if (header.Number != number || header.Base > last) Lose($"records {last + 1:N0} to {header.Base:N0}, which came before '{path}' and are in no file");
        var content = new LogReader(file, path).Read(header.Base, Options.AcceptLoss, Take);
        _replayed += content.Records;
        _lost.AddRange(content.Lost);
        return content;
    }

    private void Take(LogRecord record, ReadOnlySpan<byte> content)
    {
        if (record.Kind == LogRecordKind.Upsert) state.Current.Upsert(content, _replaced);
        else if (record.Kind == LogRecordKind.Delete) state.Current.Delete(content);
        foreach (var row in _replaced) state.Current.Index.Delete(row);
        _replaced.Clear();
    }

    /// <summary>Of what is damaged in the segment, only what the logs did not replace is lost.</summary>
    private void Settle()
    {
        foreach (var lost in state.Current.Lost) Lose(lost);
        if (LossReport.Of(state.Current, state.Current.Damaged) is { } loss) Lose(loss);
        LossReport.Drop(state.Current, state.Current.Damaged);
    }

    private void Lose(string what)
    {
        if (!Options.AcceptLoss) throw LossReport.Refusal(what);
        _lost.Add(what);
    }
}
