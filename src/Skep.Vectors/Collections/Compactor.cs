namespace Skep.Vectors.Collections;

/// <summary>
/// Writes the live rows as a new segment and lets the collection go on from there. The log is changed first, so that segment and new log together are the
/// collection; the manifest is the moment from which they count. Reads and writes go on all the while.
/// </summary>
internal sealed class Compactor(CollectionState state, CollectionWriter writer, Linker linker)
{
    /// <summary>Compacts. The caller has <see cref="CollectionState.Maintenance"/>.</summary>
    /// <exception cref="VectorException">The disk refuses; the collection goes on as it was.</exception>
    public async Task CompactAsync(CancellationToken cancel)
    {
        state.RequireSound();
        linker.Link(cancel);
        var frozen = await FreezeAsync(cancel);
        var made = state.Current.Index.Compact(out var old, state.Options.EffectiveLinkThreads, frozen.Rows);
        var next = MakeNext(made, old, frozen, cancel);
        try
        {
            if (state.Manifest is { } before) Commit(before with { Segment = frozen.Segment, FirstLog = frozen.FirstLog, Sequence = frozen.Sequence });
            await writer.DoAsync(() => Switch(next, old, frozen.Rows), CancellationToken.None);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        state.Compactions++;
        Leftovers.Remove(state.Files, state.Paths, state.Manifest);
        linker.Wake();
    }

    /// <summary>Takes the rows of the segment without codes and links, which are damaged, and lets the collection go on from there. The caller has <see cref="CollectionState.Maintenance"/>.</summary>
    public async Task DropGraphAsync(SegmentFile segment, CancellationToken cancel)
    {
        var same = Enumerable.Range(0, segment.Head.Facts.Rows).ToArray();
        var source = state.Current;
        var file = SegmentFile.Open(state.Files, segment.Path);
        var next = new Generation(new VectorIndex(state.Options.Index), KeysOf(source.Keys, same), source.Fields.View.Keep(same), file);
        SegmentLoader.LoadRows(file, next.Index);
        await writer.DoAsync(() => Switch(next, same, same.Length), cancel);
        linker.Wake();
    }

    /// <summary>Begins a new log between two batches: what came before is what the segment will hold.</summary>
    private async Task<Frozen> FreezeAsync(CancellationToken cancel)
    {
        Frozen frozen = default;
        await writer.DoAsync(
            () =>
            {
                if (writer.Log is not { } log)
                {
                    frozen = new Frozen(state.Current.Index.Count, 0, 0, 0);
                    return;
                }

                var next = LogFile.Create(state.Files, state.Paths!, log.Number + 1, log.Last);
                state.EarlierLogBytes += log.Length;
                writer.SwitchLog(next);
                frozen = new Frozen(state.Current.Index.Count, state.Manifest!.Segment + 1, next.Number, next.Last);
            },
            cancel);
        return frozen;
    }

    private Generation MakeNext(VectorIndex made, int[] old, Frozen frozen, CancellationToken cancel)
    {
        var source = state.Current;
        var keys = KeysOf(source.Keys, old);
        try
        {
            var wasLoaded = source.Fields.View.Slots.Select(s => s.IsLoaded).ToList();
            var fields = source.Fields.View.Keep(old);
            if (state.Paths is not { } paths) return new Generation(made, keys, fields, segment: null);
            var path = paths.Segment(frozen.Segment);
            SegmentWriter.Write(state.Files, path, made, keys, fields.View, frozen.Sequence, cancel);
            made.Dispose();
            keys.Dispose();
            var next = new SegmentLoader(SegmentFile.Open(state.Files, path), state, []).Load(verify: false);
            // What searches use is not to be read again by the next one of them.
            next.Fields.Adopt(fields.View, wasLoaded);
            if (state.Options.KeepGraphInMemory) next.Index.DetachGraph();
            return next;
        }
        catch
        {
            made.Dispose();
            keys.Dispose();
            throw;
        }
    }

    private static KeyStore KeysOf(KeyStore source, int[] old)
    {
        var keys = new KeyStore(source.Most, Generation.NewSeed(), KeySlots.CapacityFor(old.Length));
        for (var row = 0; row < old.Length; row++)
        {
            keys.Place(row, source[old[row]]);
            keys.Point(row);
        }

        return keys;
    }

    private void Commit(Manifest manifest)
    {
        var path = state.Paths!.Manifest;
        try
        {
            state.Files.Replace(path, manifest.Write());
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            // Where the manifest may have been replaced, both segments stay: either is complete with its logs.
            if (Manifest.Read(path) == state.Manifest) Leftovers.Remove(state.Files, state.Paths, state.Manifest);
            throw DiskFaults.Map(e, "replace", path, "; the collection goes on with what it had");
        }

        state.Manifest = manifest;
        state.EarlierLogBytes = 0;
    }

    /// <summary>What was written while the segment was made comes along. On the writer's thread.</summary>
    private void Switch(Generation next, int[] old, int frozenRows)
    {
        var before = state.Current;
        List<int> replaced = [];
        for (var row = 0; row < old.Length; row++)
        {
            if (before.Index.IsDeleted(old[row])) next.Index.Delete(row);
        }

        for (var row = frozenRows; row < before.Index.Count; row++)
        {
            if (!before.Index.IsDeleted(row)) next.AddFrom(before, row, replaced);
        }

        foreach (var row in replaced) next.Index.Delete(row);
        writer.SwitchGeneration(next);
    }

    private readonly record struct Frozen(int Rows, int Segment, int FirstLog, ulong Sequence);
}
