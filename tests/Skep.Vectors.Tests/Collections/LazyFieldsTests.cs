using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Collections;

/// <summary>Columns of fields stay in the file until somebody asks for them.</summary>
public sealed class LazyFieldsTests : IDisposable
{
    private const int Rows = 30_000;

    // No graph, no check beside the test: what is read is read by the test.
    private static readonly CollectionOptions Options = CollectionFolder.Options with { Index = CollectionFolder.Options.Index with { GraphFrom = 100_000 } };

    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static VectorRecord Record(int i, string note) => new(
        $"key-{i}",
        CollectionFolder.Vector(i % 100),
        new FieldValues
        {
            ["kind"] = $"k{i % 5}",
            ["note"] = $"{note} {i} and what else there is to say about it, which is enough for a few blocks of the file",
            ["score"] = i % 3 == 0 ? default : (FieldValue)(i / 2.0),
            ["when"] = FieldValue.Time(i),
            ["done"] = i % 2 == 0,
            ["tags"] = i % 7 == 0 ? default : (FieldValue)new[] { "all", $"t{i % 4}" },
        });

    private static VectorRecord[] Records(int from, int count, string note = "note") => [.. Enumerable.Range(from, count).Select(i => Record(i, note))];

    [Fact]
    public async Task Opening_reads_the_heads_of_columns_and_none_of_their_values()
    {
        await MakeAsync();
        var section = Section();
        Assert.True(section.Blocks > 2);
        var counting = new CountingFiles(section.Offset, section.Offset + section.Length);
        await using var notes = _folder.Open(Options, counting);

        // One block for each head at most, though the same block holds several of them.
        Assert.InRange(counting.Bytes, 1, 7L * SegmentSection.BlockBytes);
        Assert.Equal(0, notes.Stats.FieldBytes);
        Assert.InRange(notes.Stats.UnreadFieldBytes, section.Length - 1000, section.Length);
        Assert.Equal(6, notes.Schema.Fields.Count);
    }

    [Fact]
    public async Task A_filter_reads_the_fields_that_it_names_and_no_other()
    {
        await MakeAsync();
        await using var notes = _folder.Open(Options);
        var before = notes.Stats.UnreadFieldBytes;
        var found = Find(notes, "kind = 'k3' and score < 100");

        Assert.Equal(Rows, notes.Count);
        Assert.All(found, key => Assert.True(IsK3Below100(int.Parse(key[4..], System.Globalization.CultureInfo.InvariantCulture))));
        Assert.Equal(Enumerable.Range(0, Rows).Count(IsK3Below100), found.Count);
        Assert.InRange(notes.Stats.UnreadFieldBytes, before / 2, before - (Rows * 4)); // the notes are most of it
        Assert.True(notes.Stats.FieldBytes > Rows * 8);
        Assert.Equal(Records(7, 1)[0].Fields, notes.Get("key-7")!.Fields);
        Assert.Equal(0, notes.Stats.UnreadFieldBytes);
    }

    [Fact]
    public async Task What_the_log_brings_waits_for_the_column_and_is_found_with_it()
    {
        await MakeAsync();
        await using (var notes = _folder.Open(Options))
        {
            await notes.UpsertAsync(Records(Rows, 300));
            await notes.UpsertAsync(Records(0, 100, "changed"));
            await notes.UpsertAsync([new VectorRecord("new", CollectionFolder.Vector(1), new FieldValues { ["brought"] = "later" })]);
            await notes.UpsertAsync([new VectorRecord("bare", CollectionFolder.Vector(2))]);
        }

        await using var again = _folder.Open(Options);
        Assert.True(again.Stats.UnreadFieldBytes > 0);
        await again.UpsertAsync(Records(Rows + 300, 50));
        RequireAll(again, Rows + 350, changed: 100);
        Assert.Equal(["new"], Find(again, "brought exists"));
        Assert.Equal(Records(Rows + 349, 1)[0].Fields, again.Get($"key-{Rows + 349}")!.Fields);
        Assert.Empty(again.Get("bare")!.Fields!);
    }

    [Fact]
    public async Task A_compaction_leaves_fields_in_the_file_that_nobody_uses_and_keeps_the_others_at_hand()
    {
        await MakeAsync();
        await using (var notes = _folder.Open(Options))
        {
            Assert.NotEmpty(Find(notes, "done"));
            await notes.UpsertAsync(Records(Rows, 100));
            await notes.CompactAsync();
            Assert.InRange(notes.Stats.FieldBytes, Rows / 8, Rows);
            Assert.True(notes.Stats.UnreadFieldBytes > Rows * 30);
            RequireAll(notes, Rows + 100, changed: 0);
        }

        await using var again = _folder.Open(Options with { VerifyOnOpen = true });
        RequireAll(again, Rows + 100, changed: 0);
    }

    [Fact]
    public async Task Searches_that_want_a_field_at_once_and_a_writer_beside_them_all_see_it_whole()
    {
        await MakeAsync();
        for (var round = 0; round < 3; round++)
        {
            await using var notes = _folder.Open(Options);
            using var together = new Barrier(5);
            var (first, open) = (notes.Count, notes);
            Task[] readers = [.. Enumerable.Range(0, 4).Select(r => Task.Run(() =>
            {
                together.SignalAndWait();
                for (var i = 0; i < 5; i++) Assert.Equal(Enumerable.Range(0, Rows).Count(n => n % 5 == r), Find(open, $"kind = 'k{r}' and when < 0001-01-01T00:00:00.003Z").Count);
            }))];
            together.SignalAndWait();
            for (var i = 0; i < 40; i++) await notes.UpsertAsync([Record(Rows + i, "beside") with { Key = $"round-{round}-{i}" }]);
            await Task.WhenAll(readers);
            Assert.Equal(first + 40, notes.Count);
            Assert.Equal(40 * (round + 1), Find(notes, "note starts 'beside'").Count);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damage_to_a_column_is_found_when_it_is_first_wanted_and_names_what_is_lost(bool accepted)
    {
        await MakeAsync();
        await using (var newer = _folder.Open(Options)) await newer.UpsertAsync(Records(0, 5, "newer"));
        CollectionFolder.Flip(_folder.Segment, InNotes());
        await using var notes = _folder.Open(Options with { AcceptLoss = accepted });
        if (accepted)
        {
            // The check in the background may have come first; either way the records that are left are those of the log.
            Assert.Equal(5, Find(notes, "note starts 'newer'").Count);
            Assert.Equal(5, notes.Count);
            Assert.Equal(Records(3, 1, "newer")[0].Fields, notes.Get("key-3")!.Fields);
            await notes.CompactAsync();
            Assert.Equal(5, Find(notes, "kind exists").Count);
            return;
        }

        var e = Assert.Throws<VectorException>(() => Find(notes, "note starts 'newer'"));
        Assert.Equal(VectorFault.Damaged, e.Fault);
        Assert.Contains($"{Rows - 5:N0} records", e.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Segment, e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(Records(0, 1)));
        Assert.Contains("lost", notes.Stats.BackgroundFault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_column_that_nobody_wants_is_found_by_the_check()
    {
        await MakeAsync();
        CollectionFolder.Flip(_folder.Segment, InNotes());
        await using var notes = _folder.Open(Options);
        var report = await notes.VerifyAsync();

        // The check at opening may have said so before.
        Assert.Contains(report.Problems, p => p.StartsWith("Fields of", StringComparison.Ordinal));
        Assert.Contains("'note' is damaged", notes.Stats.BackgroundFault, StringComparison.Ordinal);
        Assert.Equal(VectorFault.Damaged, Assert.Throws<VectorException>(() => notes.Search(CollectionFolder.Vector(1))).Fault);
    }

    [Fact]
    public async Task A_column_that_is_damaged_after_it_was_read_is_written_again_from_memory()
    {
        await MakeAsync();
        await using (var notes = _folder.Open(Options with { VerifyOnOpen = true }))
        {
            Assert.NotNull(notes.Get("key-1"));
            CollectionFolder.Flip(_folder.Segment, InNotes());
            Assert.NotEmpty((await notes.VerifyAsync()).Problems);
            Assert.True((await notes.VerifyAsync()).IsSound);
        }

        await using var again = _folder.Open(Options with { VerifyOnOpen = true });
        RequireAll(again, Rows, changed: 0);
    }

    [Fact]
    public async Task A_damaged_column_whose_records_are_all_replaced_costs_nothing()
    {
        await MakeAsync();
        await using (var newer = _folder.Open(Options)) await newer.UpsertAsync(Records(0, Rows, "changed"));
        CollectionFolder.Flip(_folder.Segment, InNotes());
        await using var notes = _folder.Open(Options);
        RequireAll(notes, Rows, changed: Rows);
    }

    private static bool IsK3Below100(int i) => i % 5 == 3 && i % 3 != 0 && i / 2.0 < 100;

    private static List<string> Find(VectorCollection notes, string filter)
    {
        // So many that none that qualifies is left out, whatever the vector.
        var keys = new List<string>();
        var query = new CollectionQuery { K = SearchSettings.MaxEf, Exact = true, WithFields = false, Filter = Filter.Parse(filter) };
        foreach (var match in notes.Search(CollectionFolder.Vector(0), query)) keys.Add(match.Key);
        return keys;
    }

    private static void RequireAll(VectorCollection notes, int records, int changed)
    {
        var query = new CollectionQuery { K = 1, Filter = Filter.Parse("kind exists") };
        Assert.Equal(records, notes.Explain(CollectionFolder.Vector(0), query).Qualifying);
        Assert.Equal(changed, notes.Explain(CollectionFolder.Vector(0), query with { Filter = Filter.Parse("note starts 'changed '") }).Qualifying);
        Assert.Equal(records - changed, notes.Explain(CollectionFolder.Vector(0), query with { Filter = Filter.Parse("note starts 'note '") }).Qualifying);
        Assert.Equal(Enumerable.Range(0, records).Count(i => i % 3 != 0), notes.Explain(CollectionFolder.Vector(0), query with { Filter = Filter.Parse("score >= 0") }).Qualifying);
        Assert.Equal(Enumerable.Range(0, records).Count(i => i % 7 != 0 && i % 4 == 2), notes.Explain(CollectionFolder.Vector(0), query with { Filter = Filter.Parse("tags has 't2'") }).Qualifying);
    }

    private async Task MakeAsync()
    {
        await using var notes = _folder.Open(Options);
        await notes.UpsertAsync(Records(0, Rows));
        await notes.CompactAsync();
    }

    private SegmentSection Section()
    {
        using var file = SegmentFile.Open(FileSystem.Real, _folder.Segment);
        return file.Head[SegmentPart.Fields];
    }

    /// <summary>A place within the column of notes, in a block that holds no head.</summary>
    private long InNotes()
    {
        var section = Section();
        return section.Offset + SegmentSection.BlockBytes + (SegmentSection.BlockBytes / 2);
    }
}
