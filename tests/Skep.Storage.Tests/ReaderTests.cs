namespace Skep.Storage.Tests;

public sealed class ReaderTests : IDisposable
{
    private readonly TestFolder _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_folder_without_a_database_reads_as_empty()
    {
        await using var reader = SqliteStore.OpenReader(_test.Folder);
        Assert.Empty(reader.List());
        Assert.Empty(reader.Read("run"));
        Assert.Null(reader.Find("run"));
        Assert.Null(reader.ReadSnapshot("run"));
        Assert.Empty(reader.ReferencedBlobs());
        Assert.False(File.Exists(_test.Folder.DatabasePath));
    }

    [Fact]
    public async Task A_reader_sees_each_append_that_was_acknowledged()
    {
        await using var reader = SqliteStore.OpenReader(_test.Folder);
        Assert.Empty(reader.List());
        await using var owner = SqliteStore.OpenOwner(_test.Folder);
        for (var seq = 0; seq < 20; seq++)
        {
            await owner.AppendAsync(Given.Append("run", seq));
            Assert.Equal(seq + 1, reader.Find("run")?.Seq);
            Assert.Equal(seq + 1, reader.Read("run").Count());
        }
    }

    [Fact]
    public async Task A_reader_beside_a_busy_writer_always_sees_a_whole_prefix()
    {
        await using var owner = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { CheckpointBytes = 64 * 1024 });
        await using var reader = SqliteStore.OpenReader(_test.Folder);
        var writing = Task.Run(async () =>
        {
            for (var seq = 0; seq < 900; seq += 3) await owner.AppendAsync(Given.Append("run", seq, 3, padding: 200));
        });

        var seen = 0;
        do
        {
            var events = reader.Read("run").ToList();
            Given.RequirePrefix("run", events, padding: 200);
            Assert.True(events.Count >= seen && events.Count % 3 == 0, $"{events.Count} after {seen}");
            seen = events.Count;
        }
        while (!writing.IsCompleted);

        await writing;
        Assert.Equal(900, reader.Read("run").Count());
        Assert.True(owner.Statistics.Checkpoints > 0);
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await using var reader = SqliteStore.OpenReader(_test.Folder);
        await Given.Fails(reader.AppendAsync(Given.Append("run", 0)), StorageFault.ReadOnly);
        await Given.Fails(reader.DeleteStreamAsync("run"), StorageFault.ReadOnly);
    }

    [Fact]
    public async Task A_log_left_by_a_crash_is_read_without_an_owner_and_left_as_it_is()
    {
        TestFolder? crashed = null;
        await using (var owner = SqliteStore.OpenOwner(_test.Folder))
        {
            await owner.AppendAsync(Given.Append("run", 0, 10));
            await owner.ProbeAsync(_ => crashed = _test.CopyFiles());
        }

        using (crashed)
        {
            var before = await File.ReadAllBytesAsync(crashed!.Wal);
            await using (var reader = SqliteStore.OpenReader(crashed.Folder))
            {
                Assert.Equal(10, reader.Read("run").Count());
            }

            Assert.Equal(before, await File.ReadAllBytesAsync(crashed.Wal));
        }
    }

    [Fact]
    public async Task More_readers_than_connections_take_turns()
    {
        await using var owner = SqliteStore.OpenOwner(_test.Folder);
        await owner.AppendAsync(Given.Append("run", 0, 600));
        var counts = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => owner.Read("run").Count())));
        Assert.All(counts, count => Assert.Equal(600, count));
    }

    [Fact]
    public async Task A_half_read_log_does_not_keep_the_store_from_closing()
    {
        var owner = SqliteStore.OpenOwner(_test.Folder);
        await owner.AppendAsync(Given.Append("run", 0, 2000));
        using var events = owner.Read("run").GetEnumerator();
        Assert.True(events.MoveNext());
        await owner.DisposeAsync();
        Assert.False(File.Exists(_test.Wal));
    }
}
