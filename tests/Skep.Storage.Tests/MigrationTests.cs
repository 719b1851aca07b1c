using Skep.Storage.Migrations;
using Skep.Storage.Sqlite;

namespace Skep.Storage.Tests;

public sealed class MigrationTests : IDisposable
{
    private const string Blob = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private readonly TestFolder _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_database_frozen_at_version_1_is_still_read_and_appended_to()
    {
        Given.RunSql(_test.Folder.DatabasePath, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "fixtures", "v1.sql")));

        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await RequireFrozenContentAsync(store);
        await store.AppendAsync(Given.Append("build", 5, 2) with { Snapshot = [new SnapshotItem("task/b", null)], SnapshotVersion = 2 });
        Given.RequirePrefix("build", [.. store.Read("build")]);
        Assert.Equal(["task/a"], store.ReadSnapshot("build")!.Items.Keys);
    }

    [Fact]
    public async Task The_frozen_content_is_what_the_program_writes_today()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await WriteFrozenContentAsync(store);
        await RequireFrozenContentAsync(store);
        await store.ProbeAsync(database => Assert.Equal(Migrator.Newest, database.QueryLong("PRAGMA user_version")));
    }

    [Fact]
    public async Task Reopening_changes_nothing()
    {
        await SqliteStore.OpenOwner(_test.Folder).DisposeAsync();
        var before = await File.ReadAllBytesAsync(_test.Folder.DatabasePath);
        await SqliteStore.OpenOwner(_test.Folder).DisposeAsync();
        Assert.Equal(before, await File.ReadAllBytesAsync(_test.Folder.DatabasePath));
    }

    [Fact]
    public void A_step_that_fails_leaves_the_version_before_it()
    {
        File.Create(_test.Folder.DatabasePath).Dispose();
        using var database = Database.Open(_test.Folder.DatabasePath, readOnly: false);
        string[] steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x);"];

        Assert.Throws<StorageException>(() => Migrator.Apply(database, steps));

        Assert.Equal(1, database.QueryLong("PRAGMA user_version"));
        Assert.Equal(["a"], database.QueryTexts("SELECT name FROM sqlite_master"));
        Migrator.Apply(database, ["CREATE TABLE a (x)", "CREATE TABLE c (x)"]);
        Assert.Equal(["a", "c"], database.QueryTexts("SELECT name FROM sqlite_master ORDER BY name"));
        Assert.Equal(2, database.QueryLong("PRAGMA user_version"));
    }

    private static async Task WriteFrozenContentAsync(SqliteStore store)
    {
        await store.AppendAsync(Given.Append("build", 0, 5) with
        {
            Summary = Given.Bytes("{\"state\":\"running\"}"),
            Snapshot = [new SnapshotItem("task/a", Given.Bytes("done")), new SnapshotItem("task/b", Given.Bytes("waiting"))],
            SnapshotVersion = 2,
            BlobRefs = [Blob],
        });
        await store.AppendAsync(Given.Append("deploy", 0, 1));
    }

    private static async Task RequireFrozenContentAsync(SqliteStore store)
    {
        Assert.Equal(["deploy", "build"], store.List().Select(s => s.Stream));
        var info = store.Find("build")!;
        Assert.Equal((5, 1001, 1005, "{\"state\":\"running\"}"), (info.Seq, info.CreatedUnixMs, info.UpdatedUnixMs, Given.Text(info.Summary)));
        var events = store.Read("build").ToList();
        Assert.Equal(5, events.Count);
        Given.RequirePrefix("build", events);
        Given.RequirePrefix("deploy", [.. store.Read("deploy")]);
        var snapshot = store.ReadSnapshot("build")!;
        Assert.Equal((5, 2), (snapshot.Seq, snapshot.Version));
        Assert.Equal(["task/a=done", "task/b=waiting"], snapshot.Items.Select(i => $"{i.Key}={Given.Text(i.Value)}").Order());
        Assert.Equal([Blob], store.ReferencedBlobs());
        Assert.Empty((await store.CheckAsync()).Problems);
    }
}
