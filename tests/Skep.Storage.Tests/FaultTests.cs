using Skep.Storage.Sqlite;

namespace Skep.Storage.Tests;

public sealed class FaultTests : IDisposable
{
    private readonly TestFolder _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_database_that_is_deleted_or_replaced_while_in_use_acknowledges_nothing_more()
    {
        Assert.True(OperatingSystem.IsLinux() || Unix.FileIdentity.Of(_test.Project) is null);
        if (!OperatingSystem.IsLinux()) return;
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(Given.Append("run", 0));
        File.Delete(_test.Folder.DatabasePath);
        var e = await Given.Fails(store.AppendAsync(Given.Append("run", 1)), StorageFault.Io);
        Assert.Contains("deleted or replaced", e.Message, StringComparison.Ordinal);
        File.WriteAllText(_test.Folder.DatabasePath, "another file");
        await Given.Fails(store.AppendAsync(Given.Append("run", 1)), StorageFault.Io);
    }

    [Fact]
    public async Task A_full_disk_fails_the_append_and_leaves_the_store_working()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { MaxPages = 40 });
        await store.AppendAsync(Given.Append("run", 0, 3));

        var e = await Given.Fails(store.AppendAsync(Given.Append("run", 3, 100, padding: 4000)), StorageFault.Full);
        Assert.Contains(_test.Folder.DatabasePath, e.Message, StringComparison.Ordinal);
        Assert.Contains("free some space", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, store.Find("run")!.Seq);

        await store.AppendAsync(Given.Append("run", 3));
        await store.ProbeAsync(database => database.Execute("PRAGMA max_page_count=10000"));
        await store.AppendAsync(new Append("run", 4, Given.Events("run", 4, 100)));
        var events = store.Read("run").ToList();
        Assert.Equal(104, events.Count);
        Given.RequirePrefix("run", events);
        Assert.True((await store.CheckAsync()).IsHealthy);
    }

    [Fact]
    public async Task When_the_disk_fills_in_the_middle_of_a_group_what_still_fits_is_written()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { MaxPages = 40 });
        Task small, large, second;
        using (Given.HoldWriter(store))
        {
            small = store.AppendAsync(Given.Append("small", 0) with { Snapshot = [new SnapshotItem("k", Given.Bytes("v"))] });
            large = store.AppendAsync(Given.Append("large", 0, 100, padding: 4000) with { Summary = Given.Bytes("never"), BlobRefs = [new string('a', 64)] });
            second = store.AppendAsync(Given.Append("small", 1));
        }

        await small;
        await second;
        await Given.Fails(large, StorageFault.Full);
        Assert.Equal(["small"], store.List().Select(s => s.Stream));
        Assert.Equal(2, store.Read("small").Count());
        Assert.Empty(store.ReferencedBlobs());
        Assert.Equal("v", Given.Text(store.ReadSnapshot("small")!.Items["k"]));
    }

    [Fact]
    public async Task After_a_failed_append_with_a_new_event_type_the_type_works()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { MaxPages = 40 });
        var events = Enumerable.Range(0, 100).Select(i => new NewEvent("new.type", 1, i, new byte[4000])).ToArray();
        await Given.Fails(store.AppendAsync(new Append("run", 0, events)), StorageFault.Full);
        await store.AppendAsync(new Append("run", 0, [new NewEvent("other.type", 1, 0, default), new NewEvent("new.type", 1, 0, default)]));
        Assert.Equal(["other.type", "new.type"], store.Read("run").Select(e => e.Type));
    }

    [Fact]
    public async Task A_database_that_became_read_only_fails_appends_and_keeps_what_it_has()
    {
        await using (var store = SqliteStore.OpenOwner(_test.Folder))
        {
            await store.AppendAsync(Given.Append("run", 0));
            await store.ProbeAsync(database => database.Execute("PRAGMA query_only=1"));
            var e = await Given.Fails(store.AppendAsync(Given.Append("run", 1)), StorageFault.ReadOnly);
            Assert.Contains("writable", e.Message, StringComparison.Ordinal);
            Assert.Single(store.Read("run"));
        }

        await using var again = SqliteStore.OpenOwner(_test.Folder);
        await again.AppendAsync(Given.Append("run", 1));
        Assert.Equal(2, again.Read("run").Count());
    }

    [Fact]
    public async Task A_failing_disk_fails_a_whole_group_without_trying_each_forever()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        var waiting = new List<Task>();
        using (Given.HoldWriter(store))
        {
            waiting.Add(store.ProbeAsync(database => database.Execute("PRAGMA query_only=1")));
            for (var i = 0; i < 100; i++) waiting.Add(store.AppendAsync(Given.Append($"run-{i}", 0)));
        }

        foreach (var append in waiting) await Given.Fails(append, StorageFault.ReadOnly);
        Assert.Empty(store.List());
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_as_it_is()
    {
        await using (var store = SqliteStore.OpenOwner(_test.Folder)) await store.AppendAsync(Given.Append("run", 0));
        Given.RunSql(_test.Folder.DatabasePath, "PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE)");

        var e = Given.Fails(() => SqliteStore.OpenOwner(_test.Folder), StorageFault.TooNew);
        Assert.Contains("99", e.Message, StringComparison.Ordinal);
        await using var reader = SqliteStore.OpenReader(_test.Folder);
        Given.Fails(() => reader.List(), StorageFault.TooNew);
        using var database = Database.Open(_test.Folder.DatabasePath, readOnly: true);
        Assert.Equal(99, database.QueryLong("PRAGMA user_version"));
    }

    [Fact]
    public void A_database_path_that_is_a_directory_is_reported()
    {
        Directory.CreateDirectory(_test.Folder.DatabasePath);
        var e = Assert.Throws<StorageException>(() => SqliteStore.OpenOwner(_test.Folder));
        Assert.Contains(_test.Folder.DatabasePath, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11, StorageFault.Corrupt)]
    [InlineData(267, StorageFault.Corrupt)]
    [InlineData(26, StorageFault.Corrupt)]
    [InlineData(13, StorageFault.Full)]
    [InlineData(8, StorageFault.ReadOnly)]
    [InlineData(1032, StorageFault.ReadOnly)]
    [InlineData(5, StorageFault.Locked)]
    [InlineData(261, StorageFault.Locked)]
    [InlineData(18, StorageFault.TooLarge)]
    [InlineData(10, StorageFault.Io)]
    [InlineData(1034, StorageFault.Io)]
    [InlineData(14, StorageFault.Io)]
    public void Result_codes_become_faults_with_place_and_remedy(int code, StorageFault fault)
    {
        var e = SqliteFaults.Map(code, "words of SQLite", "/p/skep.db");
        Assert.Equal(fault, e.Fault);
        Assert.Contains("/p/skep.db", e.Message, StringComparison.Ordinal);
        Assert.Contains("words of SQLite", e.Message, StringComparison.Ordinal);
        Assert.Contains("; ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(28, StorageFault.Full)]
    [InlineData(30, StorageFault.ReadOnly)]
    [InlineData(5, StorageFault.Io)]
    public void File_errors_become_faults(int error, StorageFault fault)
    {
        var e = FileFaults.Map(new IOException("words of the system.", error), "write", "/p/file");
        Assert.Equal(fault, e.Fault);
        Assert.StartsWith("cannot write '/p/file': words of the system; ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_engine_tells_its_version_and_origin() => Assert.Matches(@"^3\.\d+\.\d+ \((bundled|system)\)$", SqliteStore.EngineVersion);
}
