using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Collections;

public sealed class RefusalTests : IDisposable
{
    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, VectorFault, string> BadRecords() => new()
    {
        { "dimension", VectorFault.WrongDimension, "3 dimensions" },
        { "nan", VectorFault.BadVector, "NaN" },
        { "infinity", VectorFault.BadVector, "infinity" },
        { "zero", VectorFault.BadVector, "zero" },
        { "no key", VectorFault.BadArgument, "empty" },
        { "long key", VectorFault.BadArgument, "512" },
        { "half a character", VectorFault.BadArgument, "surrogate" },
        { "field of another type", VectorFault.BadArgument, "kind" },
        { "field name", VectorFault.BadArgument, "name" },
        { "long text", VectorFault.BadArgument, "4096" },
    };

    [Theory]
    [MemberData(nameof(BadRecords))]
    public async Task A_bad_record_is_named_and_nothing_of_its_batch_is_stored(string what, VectorFault fault, string says)
    {
        await using (var notes = _folder.Open())
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 2));
            var log = notes.Stats.LogBytes;
            var e = await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync([CollectionFolder.Record(5), Bad(what)]));
            Assert.Equal(fault, e.Fault);
            Assert.Contains("record 1 of 2", e.Message, StringComparison.Ordinal);
            Assert.Contains(says, e.Message, StringComparison.Ordinal);
            Assert.Equal((2, log), (notes.Count, notes.Stats.LogBytes));
        }

        await using var again = _folder.Open();
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(0, 2));
    }

    [Fact]
    public async Task Two_records_of_a_batch_that_disagree_about_a_field_are_refused()
    {
        await using var notes = _folder.Open();
        var e = await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(
        [
            new VectorRecord("a", CollectionFolder.Vector(1), new FieldValues { ["new"] = "text" }),
            new VectorRecord("b", CollectionFolder.Vector(2), new FieldValues { ["new"] = 1.0 }),
        ]));
        Assert.Equal(VectorFault.BadArgument, e.Fault);
        Assert.Equal(0, notes.Count);
    }

    [Theory]
    [InlineData("missing = 1", "missing")]
    [InlineData("number = 'text'", "number")]
    [InlineData("number >", "number >")]
    public async Task A_bad_filter_is_refused_with_its_place(string filter, string says)
    {
        await using var notes = _folder.Open();
        await notes.UpsertAsync(CollectionFolder.Records(0, 3));
        var e = Assert.Throws<VectorException>(() => notes.Search(CollectionFolder.Vector(0), new CollectionQuery { Filter = Filter.Parse(filter) }));
        Assert.Equal(VectorFault.BadFilter, e.Fault);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_query_is_refused()
    {
        await using var notes = _folder.Open();
        await notes.UpsertAsync(CollectionFolder.Records(0, 3));
        Assert.Equal(VectorFault.WrongDimension, Assert.Throws<VectorException>(() => notes.Search(new float[3])).Fault);
        Assert.Equal(VectorFault.BadVector, Assert.Throws<VectorException>(() => notes.Search(new float[CollectionFolder.Dimension])).Fault);
        Assert.Equal(VectorFault.BadArgument, Assert.Throws<VectorException>(() => notes.Search(CollectionFolder.Vector(0), new CollectionQuery { K = 0 })).Fault);
        Assert.Equal(VectorFault.BadArgument, Assert.Throws<VectorException>(() => notes.Get(new string('k', 513))).Fault);
    }

    [Fact]
    public async Task A_batch_beyond_its_bound_is_refused()
    {
        await using var notes = _folder.Open();
        var many = Enumerable.Repeat(CollectionFolder.Record(0), CollectionOptions.MaxBatch + 1).ToArray();
        Assert.Contains("50,000", (await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(many))).Message, StringComparison.Ordinal);
        Assert.Equal(0, notes.Count);
    }

    [Fact]
    public async Task A_memory_limit_refuses_before_anything_is_stored_and_mapped_rows_do_not_count()
    {
        var options = CollectionFolder.Options with { Index = CollectionFolder.Options.Index with { MemoryLimit = 200_000 } };
        await using var notes = _folder.Open(options);
        var stored = 0;
        VectorException? refusal = null;
        while (refusal is null)
        {
            try
            {
                await notes.UpsertAsync(CollectionFolder.Records(stored, 100));
                stored += 100;
            }
            catch (VectorException e)
            {
                refusal = e;
            }
        }

        Assert.Equal(VectorFault.LimitReached, refusal.Fault);
        Assert.Contains("200,000", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(stored, 300, 2_000);
        var stats = notes.Stats;
        Assert.InRange(stats.RowBytes + stats.GraphBytes + stats.KeyBytes + stats.FieldBytes, 1, 250_000);
        CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, stored));
    }

    [Fact]
    public async Task A_full_collection_refuses_and_takes_more_after_compaction()
    {
        var options = CollectionFolder.Options with { Index = CollectionFolder.Options.Index with { MaxRows = 100 } };
        await using var notes = _folder.Open(options);
        await notes.UpsertAsync(CollectionFolder.Records(0, 100));
        await notes.DeleteAsync(["key-0"]);
        var e = await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(CollectionFolder.Records(100, 1)));
        Assert.Equal(VectorFault.LimitReached, e.Fault);
        await notes.CompactAsync();
        await notes.UpsertAsync(CollectionFolder.Records(100, 1));
        CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(1, 100));
    }

    [Theory]
    [InlineData("dimension")]
    [InlineData("metric")]
    [InlineData("codes")]
    [InlineData("m")]
    public async Task Files_of_other_options_are_refused_with_an_explanation(string what)
    {
        await using (var notes = _folder.Open()) await notes.UpsertAsync(CollectionFolder.Records(0, 2));
        var index = CollectionFolder.Options.Index;
        var other = what switch
        {
            "dimension" => index with { Dimension = 17 },
            "metric" => index with { Metric = VectorMetric.L2 },
            "codes" => index with { Codes = VectorCodes.Full },
            _ => index with { Graph = new() { M = 24 } },
        };
        var e = Assert.Throws<VectorException>(() => _folder.Open(CollectionFolder.Options with { Index = other }));
        Assert.Equal(VectorFault.Incompatible, e.Fault);
        Assert.Contains("another folder", e.Message, StringComparison.Ordinal);
        await using var again = _folder.Open();
        Assert.Equal(2, again.Count);
    }

    [Fact]
    public async Task A_field_keeps_its_type_across_openings_and_new_ones_can_be_declared()
    {
        await using (var notes = _folder.Open())
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 2));
            await notes.CompactAsync();
        }

        var e = Assert.Throws<VectorException>(() => _folder.Open(CollectionFolder.Options with { Schema = new FieldSchema([new Field("kind", FieldType.Number)]) }));
        Assert.Equal(VectorFault.Incompatible, e.Fault);
        await using var again = _folder.Open(CollectionFolder.Options with { Schema = new FieldSchema([new Field("stars", FieldType.Number)]) });
        Assert.Empty(again.Search(CollectionFolder.Vector(0), new CollectionQuery { Filter = Filter.Parse("stars > 1") }));
    }

    private static VectorRecord Bad(string what)
    {
        var good = CollectionFolder.Record(6);
        var bent = CollectionFolder.Vector(6);
        bent[3] = what switch { "nan" => float.NaN, "infinity" => float.PositiveInfinity, _ => bent[3] };
        return what switch
        {
            "dimension" => good with { Vector = new float[] { 1, 2, 3 } },
            "nan" or "infinity" => good with { Vector = bent },
            "zero" => good with { Vector = new float[CollectionFolder.Dimension] },
            "no key" => good with { Key = "" },
            "long key" => good with { Key = new string('ä', 257) },
            "half a character" => good with { Key = "a\ud800b" },
            "field of another type" => good with { Fields = new FieldValues { ["kind"] = 7.0 } },
            "field name" => good with { Fields = new FieldValues { [""] = 7.0 } },
            _ => good with { Fields = new FieldValues { ["kind"] = new string('x', 1 << 20) } },
        };
    }
}
