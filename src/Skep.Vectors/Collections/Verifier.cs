namespace Skep.Vectors.Collections;

/// <summary>Compares files with their checksums, and does what can be done about damage.</summary>
internal sealed class Verifier(CollectionState state, CollectionWriter writer, Compactor compactor)
{
    private readonly List<string> _problems = [];
    private long _bytes;

    /// <summary>Checks the segment and the logs. The caller has <see cref="CollectionState.Maintenance"/>.</summary>
    public async Task<VerificationReport> CheckAsync(CancellationToken cancel)
    {
        if (state.Paths is not { } paths) return new VerificationReport(0, []);
        if (state.Current.Segment is { } segment) await CheckSegmentAsync(segment, cancel);
        await CheckLogsAsync(paths, cancel);
        return new VerificationReport(_bytes, _problems);
    }

    private async Task CheckSegmentAsync(SegmentFile segment, CancellationToken cancel)
    {
        // Vectors last: the first searches of a collection whose files are cold wait for codes and links.
        var bad = await Task.Run(() => segment.Head.Sections.OrderBy(s => s.Part == SegmentPart.Rows).ToDictionary(s => s.Part, s => segment.BadBlocks(s.Part, cancel)), cancel);
        _bytes += segment.Bytes;
        foreach (var (part, blocks) in bad.Where(b => b.Value.Count > 0)) _problems.Add($"{part} of '{segment.Path}' is damaged in {blocks.Count:N0} blocks of 1 MiB");
        await LoseAsync(segment, bad);
        if (IsAny(bad, SegmentPart.Fields)) LoadFields();
        // Keys and fields that are in memory are as they were: the next segment holds them again.
        if (IsAny(bad, SegmentPart.Codes, SegmentPart.Level0, SegmentPart.Parts, SegmentPart.Codec, SegmentPart.Levels, SegmentPart.UpperAt, SegmentPart.Upper)) await compactor.DropGraphAsync(segment, cancel);
        if (_problems.Count > 0 && !IsLost) await compactor.CompactAsync(cancel);
    }

    private bool IsLost
    {
        get
        {
            try
            {
                state.RequireSound();
                return false;
            }
            catch (VectorException)
            {
                return true;
            }
        }
    }

    private static bool IsAny(Dictionary<SegmentPart, List<int>> bad, params ReadOnlySpan<SegmentPart> parts)
    {
        foreach (var part in parts)
        {
            if (bad.GetValueOrDefault(part) is { Count: > 0 }) return true;
        }

        return false;
    }

    /// <summary>Vectors that are damaged and that nothing has replaced are lost: they are taken out, or everything is refused.</summary>
    private Task LoseAsync(SegmentFile segment, Dictionary<SegmentPart, List<int>> bad) => writer.DoAsync(() =>
    {
        var rows = SegmentLoader.RowsIn(segment, bad[SegmentPart.Rows]).ToList();
        if (LossReport.Of(state.Current, rows) is not { } loss) return;
        _problems.Add($"lost: {loss}");
        if (state.Options.AcceptLoss) LossReport.Drop(state.Current, rows);
        else state.Fail(LossReport.Refusal(loss));
    });

    /// <summary>Reads the columns that nobody has asked for yet: those that are damaged are lost.</summary>
    private void LoadFields()
    {
        var before = state.BackgroundFault;
        try
        {
            state.Current.Fields.View.Load();
        }
        catch (VectorException e) when (e.Fault == VectorFault.Damaged)
        {
            // Everything is refused from now on; the problem is named below.
        }

        if (state.BackgroundFault is { } fault && fault != before) _problems.Add(fault.Message);
    }

    private async Task CheckLogsAsync(CollectionPaths paths, CancellationToken cancel)
    {
        var (last, length) = (0, 0L);
        await writer.DoAsync(() => (last, length) = (writer.Log!.Number, writer.Log.Length), cancel);
        for (var log = state.Manifest!.FirstLog; log <= last; log++)
        {
            var path = paths.Log(log);
            if (await Task.Run(() => FaultOf(path, log == last ? length : long.MaxValue), cancel) is { } fault) _problems.Add(fault);
        }
    }

    private string? FaultOf(string path, long length)
    {
        try
        {
            using var file = state.Files.OpenRead(path);
            var head = new byte[LogHeader.Bytes];
            var read = RandomAccess.Read(file, head, 0);
            if (LogHeader.Read(head.AsSpan(0, read), path) is not { } header) return $"the head of the log '{path}' is damaged";
            var content = new LogReader(file, path).Read(header.Base, acceptLoss: true, static (_, _) => { });
            _bytes += content.Good;
            if (content.Lost.Count > 0) return $"{string.Join(", ", content.Lost)} cannot be read; what they say is in memory: compact the collection now";
            return length != long.MaxValue && content.Good < length ? $"'{path}' cannot be read from byte {content.Good:N0} on; what it says is in memory: compact the collection now" : null;
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            return DiskFaults.Map(e, "read the log", path).Message;
        }
    }
}
