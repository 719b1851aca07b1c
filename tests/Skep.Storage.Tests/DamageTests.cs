namespace Skep.Storage.Tests;

/// <summary>
/// Damaged files are told as damaged, or read as a prefix of what was written; never as something else, and never repaired by
/// throwing data away.
/// </summary>
public sealed class DamageTests : IDisposable
{
    private const int Streams = 4;
    private const int EventsPerStream = 60;

    private readonly TestFolder _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Flipped_bytes_in_the_database_never_change_what_is_read()
    {
        await using (var store = SqliteStore.OpenOwner(_test.Folder)) await FillAsync(store);
        var good = await File.ReadAllBytesAsync(_test.Folder.DatabasePath);

        var noticed = 0;
        for (var offset = 0; offset < good.Length; offset += 61)
        {
            using var copy = Copy(good, offset, null, 0);
            if (await ReadsTrulyOrFailsAsync(copy)) noticed++;
        }

        Assert.True(noticed > 100, $"only {noticed} damages were noticed");
    }

    [Fact]
    public async Task Flipped_bytes_in_a_payload_are_always_noticed()
    {
        await using (var store = SqliteStore.OpenOwner(_test.Folder)) await FillAsync(store);
        var good = await File.ReadAllBytesAsync(_test.Folder.DatabasePath);
        var needle = Given.Bytes("run-2/17xxx");
        var at = good.AsSpan().IndexOf(needle);
        Assert.True(at > 0);

        using var copy = Copy(good, at + needle.Length - 1, null, 0);
        await using var reader = SqliteStore.OpenReader(copy.Folder);
        var e = Given.Fails(() => _ = reader.Read("run-2").Count(), StorageFault.Corrupt);
        Assert.Contains("event 17", e.Message, StringComparison.Ordinal);
        Assert.Contains(copy.Folder.DatabasePath, e.Message, StringComparison.Ordinal);
        Assert.Equal(EventsPerStream, reader.Read("run-1").Count());
    }

    [Fact]
    public async Task A_truncated_database_is_reported_and_left_as_it_is()
    {
        await using (var store = SqliteStore.OpenOwner(_test.Folder)) await FillAsync(store);
        var good = await File.ReadAllBytesAsync(_test.Folder.DatabasePath);

        for (var length = 1; length < good.Length; length += 1111)
        {
            using var copy = new TestFolder();
            await File.WriteAllBytesAsync(copy.Folder.DatabasePath, good[..length]);
            Given.Fails(() => OpenAndReadAsync(copy).GetAwaiter().GetResult(), StorageFault.Corrupt);
            Assert.Equal(good[..length], await File.ReadAllBytesAsync(copy.Folder.DatabasePath));
        }
    }

    [Fact]
    public async Task A_log_cut_or_damaged_anywhere_yields_a_prefix()
    {
        byte[] database = [], log = [];
        await using (var store = SqliteStore.OpenOwner(_test.Folder))
        {
            await FillAsync(store);
            await store.ProbeAsync(_ => (database, log) = (File.ReadAllBytes(_test.Folder.DatabasePath), ReadShared(_test.Wal)));
        }

        Assert.True(log.Length > 50_000);
        for (var offset = 1; offset < log.Length; offset += 4099)
        {
            using (var cut = new TestFolder())
            {
                await File.WriteAllBytesAsync(cut.Folder.DatabasePath, database);
                await File.WriteAllBytesAsync(cut.Wal, log[..offset]);
                await OpenAndReadAsync(cut);
            }

            using var flipped = Copy(database, null, log, offset);
            Assert.False(await ReadsTrulyOrFailsAsync(flipped), "a damaged log loses its tail, which is no error");
        }
    }

    [Fact]
    public async Task A_copy_taken_in_the_middle_of_a_transaction_holds_exactly_what_was_acknowledged()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { CheckpointBytes = 20_000 });
        for (var round = 0; round < 15; round++)
        {
            await store.AppendAsync(Given.Append("run", round * 4, 4, padding: 3000));
            TestFolder? crashed = null;
            Task uncommitted, copying;
            using (Given.HoldWriter(store))
            {
                uncommitted = store.AppendAsync(Given.Append($"other-{round}", 0, 50, padding: 3000));
                copying = store.ProbeAsync(_ => crashed = _test.CopyFiles());
            }

            await copying;
            await uncommitted;
            using (crashed)
            {
                await using var after = SqliteStore.OpenOwner(crashed!.Folder);
                var events = after.Read("run").ToList();
                Assert.Equal((round + 1) * 4, events.Count);
                Given.RequirePrefix("run", events, padding: 3000);
                Assert.Null(after.Find($"other-{round}"));
                await after.AppendAsync(Given.Append("run", events.Count));
                Assert.Empty((await after.CheckAsync()).Problems);
            }
        }
    }

    [Fact]
    public async Task A_database_that_was_emptied_beside_its_log_is_not_taken_for_a_new_one()
    {
        TestFolder? crashed = null;
        await using (var store = SqliteStore.OpenOwner(_test.Folder))
        {
            await store.AppendAsync(Given.Append("run", 0));
            await store.ProbeAsync(_ => crashed = _test.CopyFiles());
        }

        using (crashed)
        {
            var log = await File.ReadAllBytesAsync(crashed!.Wal);
            await File.WriteAllBytesAsync(crashed.Folder.DatabasePath, []);
            Given.Fails(() => SqliteStore.OpenOwner(crashed.Folder), StorageFault.Corrupt);
            File.Delete(crashed.Folder.DatabasePath);
            Given.Fails(() => SqliteStore.OpenOwner(crashed.Folder), StorageFault.Corrupt);
            Assert.Equal(log, await File.ReadAllBytesAsync(crashed.Wal));
        }
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var text = new string('?', 5000);
        File.WriteAllText(_test.Folder.DatabasePath, text);
        var e = Given.Fails(() => SqliteStore.OpenOwner(_test.Folder), StorageFault.Corrupt);
        Assert.Contains(_test.Folder.DatabasePath, e.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_test.Folder.DatabasePath));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        Given.RunSql(_test.Folder.DatabasePath, "CREATE TABLE theirs (a)");
        var before = await File.ReadAllBytesAsync(_test.Folder.DatabasePath);
        var e = Given.Fails(() => SqliteStore.OpenOwner(_test.Folder), StorageFault.Corrupt);
        Assert.Contains("not one of Skep's", e.Message, StringComparison.Ordinal);
        await using var reader = SqliteStore.OpenReader(_test.Folder);
        Given.Fails(() => reader.List(), StorageFault.Corrupt);
        Assert.Equal(before, await File.ReadAllBytesAsync(_test.Folder.DatabasePath));
        using var free = FolderLock.TryAcquire(_test.Folder);
        Assert.NotNull(free);
    }

    [Theory]
    [InlineData("DELETE FROM events WHERE id & 4294967295 = 60", "log should end at 60")]
    [InlineData("DELETE FROM events WHERE id & 4294967295 = 30", "event 30 is missing")]
    [InlineData("UPDATE events SET at = at + 1 WHERE id & 4294967295 = 5", "event 5 is not what was written")]
    [InlineData("UPDATE event_types SET name = 'task.undone' WHERE name = 'task.done'", "event 3 is not what was written")]
    [InlineData("DELETE FROM event_types", "event 1 has no type")]
    [InlineData("UPDATE streams SET seq = seq - 1", "entry is not what was written")]
    [InlineData("UPDATE streams SET name = name || 'x'", "entry is not what was written")]
    [InlineData("UPDATE snapshot_items SET payload = x'00' WHERE key = 'a'", "item 'a' of its snapshot is not what was written")]
    [InlineData("DELETE FROM snapshot_items WHERE key = 'a'", "should have 2 items and has 1")]
    [InlineData("UPDATE snapshots SET seq = seq + 1", "snapshot's entry is not what was written")]
    [InlineData("UPDATE summaries SET payload = x'00'", "summary is not what was written")]
    [InlineData("DELETE FROM streams", "rows of stream number 1, which is not listed")]
    public async Task An_examination_finds_rows_that_were_changed_or_lost(string sql, string problem)
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await FillAsync(store);
        Assert.True((await store.CheckAsync()).IsHealthy);
        await store.ProbeAsync(database => database.Execute(sql));

        var report = await store.CheckAsync();
        Assert.Contains(report.Problems, p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_appended_to_a_log_that_has_lost_its_end()
    {
        await using (var store = SqliteStore.OpenOwner(_test.Folder))
        {
            await FillAsync(store);
            await store.ProbeAsync(database => database.Execute("DELETE FROM events WHERE id = (1 << 32) + 60"));
        }

        await using var again = SqliteStore.OpenOwner(_test.Folder);
        await Given.Fails(again.AppendAsync(Given.Append("run-0", EventsPerStream)), StorageFault.Corrupt);
        await again.AppendAsync(Given.Append("run-1", EventsPerStream));
        Assert.Equal(EventsPerStream + 1, again.Read("run-1").Count());
        Assert.True(await again.DeleteStreamAsync("run-0"));
        Assert.True((await again.CheckAsync()).IsHealthy);
    }

    private static async Task FillAsync(SqliteStore store)
    {
        for (var seq = 0; seq < EventsPerStream; seq += 10)
            for (var i = 0; i < Streams; i++)
                await store.AppendAsync(Given.Append($"run-{i}", seq, 10, padding: 100) with { Summary = Given.Bytes("summary"), Snapshot = Snapshot(seq), SnapshotVersion = 3 });
    }

    private static SnapshotItem[] Snapshot(long seq) => [new("a", Given.Bytes($"a{seq}")), new("b", Given.Bytes("b"))];

    /// <summary>Returns whether the damage was reported; fails when something untrue is read.</summary>
    private static async Task<bool> ReadsTrulyOrFailsAsync(TestFolder folder)
    {
        try
        {
            await ReadAllAsync(SqliteStore.OpenReader(folder.Folder));
            return false;
        }
        catch (StorageException)
        {
            return true;
        }
    }

    private static async Task OpenAndReadAsync(TestFolder folder) => await ReadAllAsync(SqliteStore.OpenOwner(folder.Folder));

    private static async Task ReadAllAsync(SqliteStore store)
    {
        await using (store)
        {
            foreach (var stream in store.List())
            {
                var events = store.Read(stream.Stream).ToList();
                Given.RequirePrefix(stream.Stream, events, padding: 100);
                // A damaged index hides a stream whole; the doctor finds that, a look-up cannot.
                if (store.Find(stream.Stream) is null) Assert.Empty(events);
                else Assert.Equal(stream.Seq, events.Count);
                if (stream.Summary.Length > 0) Assert.Equal("summary", Given.Text(stream.Summary));
                if (store.ReadSnapshot(stream.Stream) is not { } snapshot) continue;
                Assert.Equal((stream.Seq, 3), (snapshot.Seq, snapshot.Version));
                Assert.Equal(Snapshot(snapshot.Seq - 10).Select(i => Given.Text(i.Payload!.Value)), snapshot.Items.OrderBy(i => i.Key).Select(i => Given.Text(i.Value)));
            }
        }
    }

    private static TestFolder Copy(byte[] database, int? databaseOffset, byte[]? log, int logOffset)
    {
        var copy = new TestFolder();
        File.WriteAllBytes(copy.Folder.DatabasePath, databaseOffset is { } at ? Flip(database, at) : database);
        if (log is not null) File.WriteAllBytes(copy.Wal, Flip(log, logOffset));
        return copy;
    }

    private static byte[] Flip(byte[] bytes, int offset)
    {
        var copy = bytes.ToArray();
        copy[offset] ^= 0x55;
        return copy;
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
