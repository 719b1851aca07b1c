using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

public sealed class ConcurrencyTests : IDisposable
{
    private const int Fixed = 300;

    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Readers_find_every_record_once_while_it_is_updated_linked_and_compacted()
    {
        await using var notes = _folder.Open();
        await notes.UpsertAsync(CollectionFolder.Records(0, Fixed));
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(seed => Task.Run(() => ReadUntil(notes, seed, stop.Token))).ToList();
        for (var round = 1; round <= 12; round++)
        {
            // The vectors stay: an update changes the fields alone, so that a reader knows what to find.
            await notes.UpsertAsync([.. Enumerable.Range(0, Fixed).Select(i => CollectionFolder.Record(i) with { Fields = CollectionFolder.Record(i, round).Fields })]);
            await notes.UpsertAsync(CollectionFolder.Records(1_000 + (round * 100), 100));
            if (round % 3 == 0) await notes.CompactAsync();
            else if (round % 3 == 1) await notes.LinkAsync();
        }

        await stop.CancelAsync();
        var searches = await Task.WhenAll(readers);
        Assert.All(searches, s => Assert.True(s > 0));
        Assert.Equal(4, notes.Stats.Compactions);
        Assert.Equal(Fixed + 1_200, notes.Count);
    }

    [Fact]
    public async Task Batches_of_many_callers_share_syncs_and_all_are_there_afterwards()
    {
        var files = new CountingFiles();
        await using (var notes = VectorCollection.Open(_folder.Path, CollectionFolder.Options, TimeProvider.System, files))
        {
            var before = files.Syncs;
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => notes.UpsertAsync(CollectionFolder.Records(i * 3, 3)))));
            Assert.InRange(files.Syncs - before, 1, 199);
        }

        await using var again = _folder.Open();
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(0, 600));
    }

    [Fact]
    public async Task Inserts_wait_while_too_many_rows_are_not_in_the_graph()
    {
        await using var notes = _folder.Open(CollectionFolder.Options with { MaxUnlinked = 50 });
        await notes.UpsertAsync(CollectionFolder.Records(0, 400));
        await notes.UpsertAsync(CollectionFolder.Records(400, 1));
        Assert.InRange(notes.Stats.Linked, 350, 401);
    }

    [Fact]
    public async Task A_long_log_is_compacted_by_itself()
    {
        await using var notes = _folder.Open(CollectionFolder.Options with { AutoCompact = true, CompactAfterLogBytes = 20_000 });
        for (var i = 0; notes.Stats.Compactions == 0; i++) await notes.UpsertAsync(CollectionFolder.Records(i % 50 * 20, 20, i / 50));
        Assert.True(notes.Stats.Segment >= 1);
        Assert.Null(notes.Stats.BackgroundFault);
    }

    [Fact]
    public async Task Closing_ends_what_runs_in_the_background_and_loses_nothing()
    {
        for (var i = 0; i < 5; i++)
        {
            var notes = _folder.Open(CollectionFolder.Options with { AutoCompact = true, CompactAfterLogBytes = 1 });
            await notes.UpsertAsync(CollectionFolder.Records(i * 500, 500));
            await notes.DisposeAsync();
        }

        await using var again = _folder.Open();
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(0, 2_500));
    }

    private static int ReadUntil(VectorCollection notes, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        var searches = 0;
        do // Where the pool is busy, it begins only when all is over: once it reads in any case.
        {
            var record = CollectionFolder.Record(random.Next(Fixed));
            var matches = notes.Search(record.Vector.Span, new CollectionQuery { K = 5 });
            Assert.Equal(5, matches.Count);
            Assert.Equal(record.Key, matches[0].Key);
            Assert.Equal(5, matches.Select(m => m.Key).Distinct().Count());
            Assert.Equal(record.Vector.Length, notes.Get(record.Key)!.Vector.Length);
            searches++;
        }
        while (!stop.IsCancellationRequested);

        return searches;
    }

    private sealed class CountingFiles : FileSystem
    {
        public int Syncs { get; private set; }

        public override void Sync(Microsoft.Win32.SafeHandles.SafeFileHandle file)
        {
            Syncs++;
            base.Sync(file);
        }
    }
}
