using System.Runtime.CompilerServices;
using Skep.Vectors.Filtering;
using Skep.Vectors.Memory;

namespace Skep.Vectors.Collections;

/// <summary>
/// Makes a generation of a segment: what is large is mapped and looked at when it is needed, what is small is checked first. Codes, links and the table of
/// keys are made anew where they are damaged; vectors, keys and fields cannot be. The column of a field is read when it is first asked for.
/// </summary>
/// <param name="file">The segment.</param>
/// <param name="state">The collection, which is told when a column that is read later turns out to be damaged.</param>
/// <param name="rebuilt">Gets the names of parts that are made anew.</param>
internal sealed unsafe class SegmentLoader(SegmentFile file, CollectionState state, List<string> rebuilt)
{
    /// <summary>What a wrong number in would lead out of memory, so that it is checked before it is used.</summary>
    private static readonly SegmentPart[] SmallGraphParts = [SegmentPart.Codec, SegmentPart.Parts, SegmentPart.Levels, SegmentPart.UpperAt, SegmentPart.Upper];

    private static readonly SegmentPart[] KeyParts = [SegmentPart.KeyEnds, SegmentPart.KeyText, SegmentPart.KeySlots];

    private static readonly SegmentPart[] LargeGraphParts = [SegmentPart.Codes, SegmentPart.Level0];

    private readonly SegmentFacts _facts = file.Head.Facts;

    /// <summary>Loads it.</summary>
    /// <param name="verify">Check vectors, codes and links before they are used; else only what a search cannot do with when it is damaged.</param>
    public Generation Load(bool verify)
    {
        if (_facts.Rows > state.Options.Index.MaxRows) throw new VectorException(VectorFault.LimitReached, $"the segment '{file.Path}' has {_facts.Rows:N0} rows, and MaxRows is {state.Options.Index.MaxRows:N0}: set it higher");
        using var check = new SegmentCheck(file, [.. CheckedParts(verify)]);
        var index = new VectorIndex(state.Options.Index);
        var capacity = file.Head[SegmentPart.KeySlots].Length / sizeof(ulong);
        var keys = new KeyStore(state.Options.Index.MaxRows, _facts.KeySeed, capacity == _facts.KeyCapacity ? _facts.KeyCapacity : KeySlots.CapacityFor(_facts.Rows));
        try
        {
            // Columns are read long after this, on behalf of the generation that they belong to.
            var owner = new StrongBox<Generation>();
            var fields = LoadFields(owner, check, out var areFieldsLost);
            var generation = owner.Value = new Generation(index, keys, fields, file);
            LoadRows(file, index);
            if (verify || !file.IsThere(SegmentPart.Rows)) generation.Damaged.AddRange(RowsIn(file, check.BadBlocks(SegmentPart.Rows)));
            LoadKeys(generation, check);
            if (areFieldsLost) generation.Damaged.AddRange(Enumerable.Range(0, _facts.Rows));
            if (_facts.Linked > 0) LoadGraph(index, check, verify);
            return generation;
        }
        catch
        {
            index.Dispose();
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Rows that lie in blocks of the part of rows.</summary>
    public static IEnumerable<int> RowsIn(SegmentFile file, IEnumerable<int> blocks)
    {
        var stride = file.Head[SegmentPart.Rows].Length / Math.Max(1, file.Head.Facts.Rows);
        return Touched(blocks, stride, file.Head.Facts.Rows);
    }

    /// <summary>Lays a segment's vectors under an index that has none.</summary>
    public static void LoadRows(SegmentFile file, VectorIndex index)
    {
        if (file.IsThere(SegmentPart.Rows)) file.Map(SegmentPart.Rows, index.Rows.RowMemory);
        else file.Copy(SegmentPart.Rows, index.Rows.RowMemory);
        index.AdoptRows(file.Head.Facts.Rows);
    }

    /// <summary>What is compared with its checksums before the collection is there.</summary>
    private IEnumerable<SegmentPart> CheckedParts(bool verify)
    {
        if (verify || !file.IsThere(SegmentPart.Rows)) yield return SegmentPart.Rows;
        foreach (var part in KeyParts.Concat(SmallGraphParts).Concat(verify ? LargeGraphParts : [])) yield return part;
        if (state.Options.VerifyOnOpen) yield return SegmentPart.Fields;
    }

    private void LoadKeys(Generation generation, SegmentCheck check)
    {
        var keys = generation.Keys;
        var bad = new SortedSet<int>();
        LoadChecked(check, SegmentPart.KeyEnds, keys.EndMemory, blocks => ForgetEnds(keys, blocks, bad));
        LoadChecked(check, SegmentPart.KeyText, keys.TextMemory, blocks => AddRowsOfText(keys, blocks, bad));
        if (bad.Count > 0) generation.Lost.Add($"rows {bad.Min:N0} to {bad.Max:N0} ({bad.Count:N0} of {_facts.Rows:N0}), whose keys are damaged in '{file.Path}'");
        foreach (var row in bad) generation.Index.Delete(row);
        if (bad.Count == 0 && keys.Slots.Capacity == _facts.KeyCapacity && check.IsWhole(SegmentPart.KeySlots))
        {
            file.Map(SegmentPart.KeySlots, keys.Slots.Memory);
            keys.Adopt(_facts.Rows);
            return;
        }

        rebuilt.Add("the table of keys");
        for (var row = 0; row < _facts.Rows; row++)
        {
            if (!bad.Contains(row)) keys.Point(row);
        }
    }

    private void LoadChecked(SegmentCheck check, SegmentPart part, Reservation memory, Action<IReadOnlyList<int>> onDamage)
    {
        var bad = check.BadBlocks(part);
        if (file.IsThere(part)) file.Map(part, memory);
        else file.Copy(part, memory);
        if (bad.Count > 0) onDamage(bad);
    }

    /// <summary>Places that are not known become empty ones, so that keys before and behind them keep theirs.</summary>
    private void ForgetEnds(KeyStore keys, IReadOnlyList<int> blocks, SortedSet<int> bad)
    {
        var ends = (long*)keys.EndMemory.Address;
        const int each = SegmentSection.BlockBytes / sizeof(long);
        foreach (var block in blocks)
        {
            var first = block * each;
            var last = Math.Min(first + each - 1, _facts.Rows);
            for (var i = first; i <= last; i++) ends[i] = i == 0 ? 0 : ends[i - 1];
            for (var row = Math.Max(0, first - 1); row <= Math.Min(last, _facts.Rows - 1); row++) bad.Add(row);
        }
    }

    private void AddRowsOfText(KeyStore keys, IReadOnlyList<int> blocks, SortedSet<int> bad)
    {
        var damaged = blocks.ToHashSet();
        for (var row = 0; row < _facts.Rows; row++)
        {
            var (from, to) = (keys.End(row), keys.End(row + 1));
            if (damaged.Contains((int)(from / SegmentSection.BlockBytes)) || (to > from && damaged.Contains((int)((to - 1) / SegmentSection.BlockBytes)))) bad.Add(row);
        }
    }

    private FieldColumns LoadFields(StrongBox<Generation> owner, SegmentCheck check, out bool areLost)
    {
        if (ReadHeads(check) is { } heads)
        {
            areLost = false;
            var stored = new FieldColumns(heads.Schema);
            stored.Publish(heads.Schema, [.. heads.Places.Select((place, i) => Slot(owner, heads.Schema.Fields[i], place))], heads.Rows);
            return Declared(stored);
        }

        areLost = true;
        var fields = new FieldColumns(state.Options.Schema);
        fields.Publish(fields.View.Schema, fields.View.Slots, _facts.Rows);
        return fields;
    }

    /// <summary>Which fields there are and where their columns lie; null if that is damaged, or any of the columns is and all is to be checked first.</summary>
    private ColumnHeads? ReadHeads(SegmentCheck check)
    {
        if (!file.IsThere(SegmentPart.Fields) || (state.Options.VerifyOnOpen && !check.IsWhole(SegmentPart.Fields))) return null;
        try
        {
            var heads = ColumnHeads.Read(file.Head[SegmentPart.Fields].Length, (from, bytes) => file.ReadSound(SegmentPart.Fields, from, bytes) ?? throw new InvalidDataException());
            return heads.Rows == _facts.Rows ? heads : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (VectorException e) when (e.Fault == VectorFault.Damaged)
        {
            return null;
        }
    }

    private ColumnSlot Slot(StrongBox<Generation> owner, Field field, ColumnPlace place) => new(field.Type, _facts.Rows, place.Length, () => LoadColumn(owner.Value!, field, place));

    /// <summary>Reads a column. If it is damaged, all records of the segment are lost that nothing has replaced: none of them is known as it was stored. Those that are gone miss nothing.</summary>
    private Column LoadColumn(Generation generation, Field field, ColumnPlace place)
    {
        try
        {
            if (file.ReadSound(SegmentPart.Fields, place.Offset, place.Length) is { } bytes) return ColumnSection.ReadColumn(field, _facts.Rows, bytes);
        }
        catch (VectorException e) when (e.Fault == VectorFault.Damaged)
        {
            // As if a checksum had said so.
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            throw DiskFaults.Map(e, $"read the field '{field.Name}' of", file.Path);
        }

        var all = Enumerable.Range(0, _facts.Rows).ToList();
        if (LossReport.Of(generation, all) is { } loss) state.Lose(generation, all, $"{loss}, whose field '{field.Name}' is damaged");
        return Column.Of(field.Type);
    }

    /// <summary>Fields that were declared since the segment was written.</summary>
    private FieldColumns Declared(FieldColumns fields)
    {
        var stored = fields.View.Schema;
        foreach (var field in state.Options.Schema.Fields)
        {
            if (stored.TryFind(field.Name, out var place) && stored.Fields[place].Type != field.Type)
                throw new VectorException(VectorFault.Incompatible, $"the field '{field.Name}' in '{file.Path}' is of another type ({stored.Fields[place]}) than the options declare ({field}): declare it as it is, or use another name");
        }

        var added = state.Options.Schema.Fields.Where(f => !stored.TryFind(f.Name, out _)).ToList();
        if (added.Count == 0 && stored.IsOpen == state.Options.Schema.IsOpen) return fields;
        fields.Publish(new FieldSchema([.. stored.Fields, .. added], state.Options.Schema.IsOpen), [.. fields.View.Slots, .. added.Select(f => new ColumnSlot(Column.Of(f.Type)))], fields.View.Rows);
        return fields;
    }

    private void LoadGraph(VectorIndex index, SegmentCheck check, bool verify)
    {
        if (!LargeGraphParts.All(file.IsThere) || !SmallGraphParts.All(check.IsWhole) || (verify && !LargeGraphParts.All(check.IsWhole)))
        {
            rebuilt.Add("codes and links");
            return;
        }

        var codes = index.NewCodes(file.Read(SegmentPart.Codec));
        if (codes.CodeMemory is { } memory)
        {
            file.Map(SegmentPart.Codes, memory);
            file.Map(SegmentPart.Parts, codes.PartMemory!);
        }

        file.Map(SegmentPart.Level0, index.Links.Level0Memory);
        file.Map(SegmentPart.Levels, index.Links.LevelMemory);
        file.Map(SegmentPart.UpperAt, index.Links.UpperAtMemory);
        file.Map(SegmentPart.Upper, index.Links.UpperMemory);
        index.AdoptGraph(codes, _facts.Linked, _facts.Entry, _facts.EntryLevel, _facts.UpperUsed);
    }

    private static IEnumerable<int> Touched(IEnumerable<int> blocks, long stride, int rows) => blocks
        .SelectMany(block => Enumerable.Range(
            (int)(block * (long)SegmentSection.BlockBytes / stride),
            (int)((((block + 1L) * SegmentSection.BlockBytes) - 1) / stride) - (int)(block * (long)SegmentSection.BlockBytes / stride) + 1))
        .Where(row => row < rows)
        .Distinct();
}
