using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Collections;

public sealed class CollectionTests : IDisposable
{
    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_inserted_is_found_at_once_by_key_vector_and_filter(bool onDisk)
    {
        await using var notes = onDisk ? _folder.Open() : VectorCollection.Open(null, CollectionFolder.Options);
        await notes.UpsertAsync(CollectionFolder.Records(0, 50));
        CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 50));
        var odd = notes.Search(CollectionFolder.Vector(0), new CollectionQuery { K = 50, Filter = Filter.Parse("kind = 'odd' and number < 20") });
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"key-{(2 * i) + 1}").Order(), odd.Select(m => m.Key).Order());
        Assert.Null(notes.Get("nobody"));
        Assert.Empty(notes.Search(CollectionFolder.Vector(0), new CollectionQuery { WithFields = false })[0].Fields);
    }

    [Fact]
    public async Task An_update_takes_the_place_of_the_record_and_a_delete_ends_it()
    {
        await using var notes = _folder.Open();
        await notes.UpsertAsync(CollectionFolder.Records(0, 10));
        await notes.UpsertAsync([.. CollectionFolder.Records(0, 3, version: 1), .. CollectionFolder.Records(0, 2, version: 2)]);
        Assert.Equal(2, await notes.DeleteAsync(["key-8", "key-9", "key-9", "nobody"]));
        CollectionFolder.RequireExactly(notes, new Dictionary<int, int> { [0] = 2, [1] = 2, [2] = 1, [3] = 0, [4] = 0, [5] = 0, [6] = 0, [7] = 0 });
        await notes.UpsertAsync(CollectionFolder.Records(9, 1, version: 3));
        Assert.Equal(3, notes.Get("key-9")!.Fields!["version"].AsNumber);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Everything_is_there_after_the_collection_was_closed(bool compacted, bool writtenAfterwards)
    {
        var expected = CollectionFolder.Versions(0, 500);
        await using (var notes = _folder.Open())
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 500));
            if (compacted) await notes.CompactAsync();
            if (writtenAfterwards)
            {
                await notes.UpsertAsync(CollectionFolder.Records(450, 100, version: 1));
                await notes.DeleteAsync(["key-0"]);
                for (var i = 450; i < 550; i++) expected[i] = 1;
                expected.Remove(0);
            }
        }

        await using var again = _folder.Open();
        CollectionFolder.RequireExactly(again, expected);
        Assert.Equal((0, 0), (again.Opening.Rebuilt.Count, again.Opening.Lost.Count));
        Assert.Equal(0, again.Opening.TornBytes);
        Assert.Equal(compacted ? 1 : 0, again.Stats.Segment);
    }

    [Fact]
    public async Task A_compaction_leaves_live_rows_only_in_one_segment_with_its_graph_and_an_empty_log()
    {
        await using (var notes = _folder.Open())
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 600));
            await notes.UpsertAsync(CollectionFolder.Records(0, 300, version: 1));
            await notes.DeleteAsync([.. Enumerable.Range(500, 100).Select(i => $"key-{i}")]);
            Assert.Equal((500, 900), (notes.Stats.Live, notes.Stats.Rows));
            await notes.CompactAsync();
            var stats = notes.Stats;
            Assert.Equal((500, 500, 500), (stats.Live, stats.Rows, stats.Linked));
            Assert.Equal((1, 1), (stats.Segment, stats.Compactions));
            Assert.Equal(0, stats.RowBytes);
            Assert.True(stats is { MappedRowBytes: > 0, GraphBytes: > 0, KeyBytes: > 0, FieldBytes: > 0, SegmentBytes: > 0 });
            Assert.InRange(stats.LogBytes, 1, 100);
        }

        Assert.Equal(["LOCK", "MANIFEST", "segment-1.skv", "wal-2.log"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await using var again = _folder.Open();
        var expected = CollectionFolder.Versions(0, 500);
        for (var i = 0; i < 300; i++) expected[i] = 1;
        CollectionFolder.RequireExactly(again, expected);
        Assert.Equal(500, again.Stats.Linked);
        Assert.True((await again.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task A_collection_in_memory_compacts_and_has_no_files()
    {
        await using var notes = VectorCollection.Open(null, CollectionFolder.Options);
        await notes.UpsertAsync(CollectionFolder.Records(0, 300));
        await notes.UpsertAsync(CollectionFolder.Records(0, 300, version: 1));
        await notes.CompactAsync();
        Assert.Equal((300, 300), (notes.Stats.Rows, notes.Stats.Linked));
        CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 300, version: 1));
        Assert.True((await notes.VerifyAsync()).IsSound);
        var e = await Assert.ThrowsAsync<VectorException>(() => notes.SnapshotAsync(_folder.Other("copy")));
        Assert.Equal(VectorFault.BadArgument, e.Fault);
    }

    [Fact]
    public async Task A_snapshot_opens_and_holds_what_was_there_at_its_moment()
    {
        await using var notes = _folder.Open();
        await notes.UpsertAsync(CollectionFolder.Records(0, 300));
        await notes.CompactAsync();
        await notes.UpsertAsync(CollectionFolder.Records(300, 50));
        await notes.SnapshotAsync(_folder.Other("copy"));
        await notes.DeleteAsync(["key-0"]);
        await using (var copy = VectorCollection.Open(_folder.Other("copy"), CollectionFolder.Options))
        {
            CollectionFolder.RequireExactly(copy, CollectionFolder.Versions(0, 350));
            await copy.UpsertAsync(CollectionFolder.Records(350, 1));
        }

        Assert.Equal(349, notes.Count);
        var e = await Assert.ThrowsAsync<VectorException>(() => notes.SnapshotAsync(_folder.Other("copy")));
        Assert.Contains("not empty", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explanation_names_the_method_and_what_the_filter_removed()
    {
        await using var notes = _folder.Open(CollectionFolder.Options with { Index = CollectionFolder.Options.Index with { GraphFrom = 1 } });
        await notes.UpsertAsync(CollectionFolder.Records(0, 2_000));
        await notes.LinkAsync();
        var near = CollectionFolder.Record(4).Vector;
        var all = notes.Explain(near.Span, new CollectionQuery { K = 3, Ef = 10 });
        Assert.Equal((SearchMethod.Walk, 10, 2_000, 0), (all.Method, all.Ef, all.Qualifying, all.Unlinked));
        var odd = notes.Explain(near.Span, new CollectionQuery { K = 3, Ef = 10, Filter = Filter.Parse("kind='odd'") });
        Assert.Equal((1_000, "kind = \"odd\""), (odd.Qualifying, odd.Filter));
        Assert.Equal("key-4", odd.Removed[0].Key);
        Assert.All(odd.Removed, m => Assert.Equal("even", m.Fields["kind"].AsText));
        Assert.All(odd.Matches, m => Assert.Equal("odd", m.Fields["kind"].AsText));
        Assert.Equal(SearchMethod.ExactScan, notes.Explain(near.Span, new CollectionQuery { Exact = true }).Method);
    }

    [Fact]
    public async Task Keys_are_listed_in_pages()
    {
        await using var notes = _folder.Open();
        await notes.UpsertAsync(CollectionFolder.Records(0, 25));
        await notes.DeleteAsync(["key-3"]);
        var (listed, next) = (new List<string>(), 0);
        while (next >= 0)
        {
            var (keys, after) = notes.Keys(next, 10);
            listed.AddRange(keys);
            next = after;
        }

        Assert.Equal(Enumerable.Range(0, 25).Where(i => i != 3).Select(i => $"key-{i}"), listed);
    }

    [Fact]
    public async Task A_closed_collection_refuses_and_gives_its_folder_back()
    {
        var notes = _folder.Open();
        var e = Assert.Throws<VectorException>(() => _folder.Open());
        Assert.Equal(VectorFault.InUse, e.Fault);
        Assert.Contains($"process {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
        await notes.DisposeAsync();
        await notes.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => notes.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => notes.UpsertAsync(CollectionFolder.Records(0, 1)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => notes.CompactAsync());
        await using var again = _folder.Open();
        Assert.Equal(0, again.Count);
    }
}
