using Skep.Vectors.Filtering;
using Skep.Vectors.Memory;

namespace Skep.Vectors.Collections;

/// <summary>
/// Makes a generation of a segment: what is large is mapped and looked at when it is needed, what is small is checked first. Codes, links and the table of
/// keys are made anew where they are damaged; vectors, keys and fields cannot be.
/// </summary>
internal sealed unsafe class SegmentLoader(SegmentFile file, CollectionOptions options, List<string> rebuilt)
{
    /// <summary>What a wrong number in would lead out of memory, so that it is checked before it is used.</summary>
    private static readonly SegmentPart[] SmallGraphParts = [SegmentPart.Codec, SegmentPart.Parts, SegmentPart.Levels, SegmentPart.UpperAt, SegmentPart.Upper];

    private static readonly SegmentPart[] LargeGraphParts = [SegmentPart.Codes, SegmentPart.Level0];

    private readonly SegmentFacts _facts = file.Head.Facts;

    /// <summary>Loads it.</summary>
    /// <param name="withGraph">False if codes and links are known to be damaged.</param>
    public Generation Load(bool withGraph)
    {
        if (_facts.Rows > options.Index.MaxRows) throw new VectorException(VectorFault.LimitReached, $"the segment '{file.Path}' has {_facts.Rows:N0} rows, and MaxRows is {options.Index.MaxRows:N0}: set it higher");
        var index = new VectorIndex(options.Index);
        var capacity = file.Head[SegmentPart.KeySlots].Length / sizeof(ulong);
        var keys = new KeyStore(options.Index.MaxRows, _facts.KeySeed, capacity == _facts.KeyCapacity ? _facts.KeyCapacity : KeySlots.CapacityFor(_facts.Rows));
        try
        {
            var fields = LoadFields(out var areFieldsLost);
            var generation = new Generation(index, keys, fields, file);
            LoadRows(file, index);
            if (!file.IsThere(SegmentPart.Rows)) generation.Damaged.AddRange(RowsIn(file, file.BadBlocks(SegmentPart.Rows, CancellationToken.None)));
            LoadKeys(generation);
            if (areFieldsLost) generation.Damaged.AddRange(Enumerable.Range(0, _facts.Rows));
            if (withGraph && _facts.Linked > 0) LoadGraph(index);
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

    private void LoadKeys(Generation generation)
    {
        var keys = generation.Keys;
        var bad = new SortedSet<int>();
        LoadChecked(SegmentPart.KeyEnds, keys.EndMemory, blocks => ForgetEnds(keys, blocks, bad));
        LoadChecked(SegmentPart.KeyText, keys.TextMemory, blocks => AddRowsOfText(keys, blocks, bad));
        if (bad.Count > 0) generation.Lost.Add($"rows {bad.Min:N0} to {bad.Max:N0} ({bad.Count:N0} of {_facts.Rows:N0}), whose keys are damaged in '{file.Path}'");
        foreach (var row in bad) generation.Index.Delete(row);
        if (bad.Count == 0 && keys.Slots.Capacity == _facts.KeyCapacity && file.IsWhole(SegmentPart.KeySlots))
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

    private void LoadChecked(SegmentPart part, Reservation memory, Action<List<int>> onDamage)
    {
        var bad = file.BadBlocks(part, CancellationToken.None);
        if (file.IsThere(part)) file.Map(part, memory);
        else file.Copy(part, memory);
        if (bad.Count > 0) onDamage(bad);
    }

    /// <summary>Places that are not known become empty ones, so that keys before and behind them keep theirs.</summary>
    private void ForgetEnds(KeyStore keys, List<int> blocks, SortedSet<int> bad)
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

    private void AddRowsOfText(KeyStore keys, List<int> blocks, SortedSet<int> bad)
    {
        var damaged = blocks.ToHashSet();
        for (var row = 0; row < _facts.Rows; row++)
        {
            var (from, to) = (keys.End(row), keys.End(row + 1));
            if (damaged.Contains((int)(from / SegmentSection.BlockBytes)) || (to > from && damaged.Contains((int)((to - 1) / SegmentSection.BlockBytes)))) bad.Add(row);
        }
    }

    private FieldColumns LoadFields(out bool areLost)
    {
        areLost = !file.IsWhole(SegmentPart.Fields);
        if (!areLost) return Declared(FieldColumns.Read(file.Read(SegmentPart.Fields)));
        var fields = new FieldColumns(options.Schema);
        fields.Publish(fields.View.Schema, fields.View.Columns, _facts.Rows);
        return fields;
    }

    /// <summary>Fields that were declared since the segment was written.</summary>
    private FieldColumns Declared(FieldColumns fields)
    {
        var stored = fields.View.Schema;
        foreach (var field in options.Schema.Fields)
        {
            if (stored.TryFind(field.Name, out var place) && stored.Fields[place].Type != field.Type)
                throw new VectorException(VectorFault.Incompatible, $"the field '{field.Name}' in '{file.Path}' is of another type ({stored.Fields[place]}) than the options declare ({field}): declare it as it is, or use another name");
        }

        var added = options.Schema.Fields.Where(f => !stored.TryFind(f.Name, out _)).ToList();
        if (added.Count == 0 && stored.IsOpen == options.Schema.IsOpen) return fields;
        fields.Publish(new FieldSchema([.. stored.Fields, .. added], options.Schema.IsOpen), [.. fields.View.Columns, .. added.Select(f => Column.Of(f.Type))], fields.View.Rows);
        return fields;
    }

    private void LoadGraph(VectorIndex index)
    {
        if (!LargeGraphParts.All(file.IsThere) || !SmallGraphParts.All(file.IsWhole))
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
