namespace Skep.Storage.Tests;

public sealed class DeleteTests : IDisposable
{
    private const string Blob = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string OtherBlob = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private readonly TestFolder _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_deleted_stream_leaves_nothing_behind_and_others_alone()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { DeleteChunk = 10 });
        var snapshot = Enumerable.Range(0, 25).Select(i => new SnapshotItem($"k{i}", Given.Bytes("v"))).ToArray();
        await store.AppendAsync(Given.Append("gone", 0, 35) with { Summary = Given.Bytes("s"), Snapshot = snapshot, SnapshotVersion = 1, BlobRefs = [Blob, OtherBlob] });
        await store.AppendAsync(Given.Append("stays", 0, 35) with { Snapshot = snapshot, SnapshotVersion = 1, BlobRefs = [Blob] });

        Assert.True(await store.DeleteStreamAsync("gone"));

        Assert.Equal(["stays"], store.List().Select(s => s.Stream));
        Assert.Empty(store.Read("gone"));
        Assert.Null(store.ReadSnapshot("gone"));
        Assert.Equal([Blob], store.ReferencedBlobs());
        Assert.Equal(35, store.Read("stays").Count());
        Assert.Equal(25, store.ReadSnapshot("stays")!.Items.Count);
        var report = await store.CheckAsync();
        Assert.Empty(report.Problems);
        await store.ProbeAsync(database =>
        {
            Assert.Equal(35, database.QueryLong("SELECT count(*) FROM events"));
            Assert.Equal(25, database.QueryLong("SELECT count(*) FROM snapshot_items"));
            Assert.Equal(0, database.QueryLong("SELECT count(*) FROM deleted_streams"));
        });
    }

    [Fact]
    public async Task A_name_can_be_used_again_and_the_old_writer_is_stale()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(Given.Append("run", 0, 5) with { Snapshot = [new SnapshotItem("k", Given.Bytes("old"))] });
        await store.DeleteStreamAsync("run");

        await Assert.ThrowsAsync<ConcurrencyException>(() => store.AppendAsync(Given.Append("run", 5)));
        await store.AppendAsync(Given.Append("run", 0));
        Assert.Single(store.Read("run"));
        Assert.Null(store.ReadSnapshot("run"));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_does_nothing()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        Assert.False(await store.DeleteStreamAsync("run"));
        Assert.Empty(store.List());
    }

    [Fact]
    public async Task An_interrupted_deletion_is_finished_by_the_next_owner()
    {
        await using (var store = SqliteStore.OpenOwner(_test.Folder))
        {
            await store.AppendAsync(Given.Append("run", 0, 50) with { BlobRefs = [Blob] });
            await store.ProbeAsync(database => database.Execute("INSERT INTO deleted_streams SELECT id FROM streams; DELETE FROM streams;"));
        }

        await using (var store = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { DeleteChunk = 7 }))
        {
            Assert.Empty(store.List());
            await store.UnfinishedDeletes;
            Assert.Empty(store.ReferencedBlobs());
            await store.ProbeAsync(database => Assert.Equal(0, database.QueryLong("SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM deleted_streams)")));
        }
    }

    [Fact]
    public async Task Blobs_know_the_streams_that_refer_to_them()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(Given.Append("a", 0) with { BlobRefs = [Blob, Blob] });
        await store.AppendAsync(Given.Append("b", 0) with { BlobRefs = [Blob, OtherBlob] });

        Assert.Equal(["a", "b"], store.StreamsReferencing(Blob));
        Assert.Equal(["b"], store.StreamsReferencing(OtherBlob));
        Assert.Empty(store.StreamsReferencing(new string('c', 64)));
        Assert.Equal([Blob, OtherBlob], store.ReferencedBlobs().Order());
        Assert.Throws<ArgumentException>(() => store.StreamsReferencing("x"));
    }
}
