using System.Text;
using Skep.Storage;

namespace Skep.Memory.Tests;

public sealed class EntryTests
{
    [Fact]
    public async Task What_is_stored_is_read_back_with_all_that_belongs_to_it()
    {
        await using var hive = new Hive();
        var author = new MemoryAuthor("worker-1", "measure", "run-7");
        var bytes = new byte[] { 0, 255, 7 };
        var stored = await hive.Memory.StoreAsync(new StoreRequest("swarm/blob", bytes) { ContentType = MemoryContentType.Binary, Author = author, Ttl = TimeSpan.FromSeconds(5) });
        Assert.Equal(new WriteResult(true, 1, 1, hive.Now + 5_000), stored);
        await hive.Reopen();
        var entry = hive.Memory.Get("swarm/blob")!;
        Assert.Equal(bytes, entry.Value!.Value.ToArray());
        Assert.Equal(("swarm/blob", 1L, 1L, MemoryContentType.Binary, author, 3L), (entry.Path, entry.Version, entry.Revision, entry.ContentType, entry.Author, entry.Size));
        Assert.Equal((hive.Now, hive.Now, hive.Now + 5_000), (entry.CreatedUnixMs, entry.UpdatedUnixMs, entry.ExpiresUnixMs));
    }

    [Fact]
    public async Task A_path_without_namespace_lies_in_default()
    {
        await using var hive = new Hive();
        await hive.Put("goal", "x");
        Assert.Equal("x", hive.Text("default/goal"));
        Assert.Equal(["default/goal"], hive.Paths());
    }

    [Fact]
    public async Task An_update_keeps_when_it_was_made_and_drops_an_earlier_ttl()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "one", ttlMs: 100);
        var made = hive.Now;
        hive.Pass(50);
        Assert.Equal(2, (await hive.Put("a/k", "two")).Version);
        hive.Pass(100);
        var entry = hive.Memory.Get("a/k")!;
        Assert.Equal(("two", made, made + 50, null), (entry.Text, entry.CreatedUnixMs, entry.UpdatedUnixMs, entry.ExpiresUnixMs));
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await using var hive = new Hive();
        await hive.Put("a/empty", "");
        Assert.Equal((0L, ""), (hive.Memory.Get("a/empty")!.Size, hive.Text("a/empty")));
    }

    [Fact]
    public async Task Compare_and_set_applies_only_to_the_expected_version_and_tells_the_actual_one()
    {
        await using var hive = new Hive();
        Assert.Equal((true, 1L), Outcome(await hive.Put("a/k", "one", expected: 0)));
        Assert.Equal((false, 1L), Outcome(await hive.Put("a/k", "again", expected: 0)));
        Assert.Equal((false, 1L), Outcome(await hive.Put("a/k", "later", expected: 2)));
        Assert.Equal((true, 2L), Outcome(await hive.Put("a/k", "two", expected: 1)));
        Assert.Equal((false, 0L), Outcome(await hive.Put("a/other", "x", expected: 3)));
        Assert.Equal("two", hive.Text("a/k"));
        Assert.Equal(2, hive.Memory.Revision);
    }

    [Fact]
    public async Task A_request_that_is_delivered_again_tells_what_its_first_delivery_did()
    {
        await using var hive = new Hive();
        var request = new StoreRequest("a/k", "x"u8.ToArray()) { ExpectedVersion = 0, RequestId = "r1" };
        Assert.Equal((true, 1L), Outcome(await hive.Memory.StoreAsync(request)));
        Assert.Equal((true, 1L), Outcome(await hive.Memory.StoreAsync(request)));
        Assert.Equal((false, 1L), Outcome(await hive.Memory.StoreAsync(request with { RequestId = "r2" })));
        Assert.Equal((true, 1L), Outcome(await hive.Memory.DeleteAsync("a/k", 1, "r3")));
        Assert.Equal((true, 1L), Outcome(await hive.Memory.DeleteAsync("a/k", 1, "r3")));
        Assert.Equal((false, 0L), Outcome(await hive.Memory.DeleteAsync("a/k", 1, "r4")));
        Assert.Equal(2, hive.Memory.Revision);
    }

    [Fact]
    public async Task Deleting_tells_what_was_there()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "one");
        Assert.Equal((false, 1L), Outcome(await hive.Memory.DeleteAsync("a/k", expectedVersion: 4)));
        Assert.Equal((true, 1L), Outcome(await hive.Memory.DeleteAsync("a/k", expectedVersion: 1)));
        Assert.Equal((false, 0L), Outcome(await hive.Memory.DeleteAsync("a/k")));
        await Refused.By(() => hive.Memory.DeleteAsync("a/k", 0), MemoryFault.InvalidRequest);
        Assert.Null(hive.Memory.Get("a/k"));
    }

    [Fact]
    public async Task An_entry_that_is_made_again_never_has_a_version_that_was_seen_before()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "one");
        await hive.Put("a/k", "two");
        await hive.Memory.DeleteAsync("a/k");
        await hive.Reopen();
        Assert.Equal(3, (await hive.Put("a/k", "three")).Version);
        Assert.Equal((false, 3L), Outcome(await hive.Put("a/k", "stale", expected: 2)));
        await hive.Put("b/short", "x", ttlMs: 1);
        hive.Pass(1);
        Assert.Equal(4, (await hive.Put("b/short", "y")).Version);
    }

    [Theory]
    [InlineData(MemoryContentType.Json, "{\"a\":}", "not valid JSON")]
    [InlineData(MemoryContentType.Json, "", "not valid JSON")]
    [InlineData(MemoryContentType.Json, "1 2", "not valid JSON")]
    public async Task A_value_that_is_not_what_its_type_says_is_refused(MemoryContentType type, string value, string reason)
    {
        await using var hive = new Hive();
        var e = await Refused.By(() => hive.Memory.StoreAsync(new StoreRequest("a/k", Encoding.UTF8.GetBytes(value)) { ContentType = type }), MemoryFault.InvalidValue);
        Assert.Contains(reason, e.Message);
        var broken = new StoreRequest("a/k", new byte[] { 0xFF }) { ContentType = MemoryContentType.Text };
        Assert.Contains("not valid UTF-8", (await Refused.By(() => hive.Memory.StoreAsync(broken), MemoryFault.InvalidValue)).Message);
        Assert.Equal(0, hive.Memory.Revision);
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused()
    {
        await using var hive = new Hive();
        await Refused.By(() => hive.Put("a/k", "x", ttlMs: 0), MemoryFault.InvalidRequest);
        await Refused.By(() => hive.Put("a/k", "x", ttlMs: -5), MemoryFault.InvalidRequest);
        await Refused.By(() => hive.Put("a/k", "x", expected: -1), MemoryFault.InvalidRequest);
        await Refused.By(() => hive.Memory.StoreAsync(new StoreRequest("a/k", default) { Author = new MemoryAuthor("a\nb") }), MemoryFault.InvalidRequest);
        await Refused.By(() => hive.Memory.StoreAsync(new StoreRequest("a/k", default) { ContentType = (MemoryContentType)9 }), MemoryFault.InvalidRequest);
        Refused.By(() => hive.Memory.List(limit: 0), MemoryFault.InvalidRequest);
        Refused.By(() => hive.Memory.List(limit: 1_001), MemoryFault.InvalidRequest);
        Refused.By(() => hive.Memory.Search(new SearchRequest { Text = "" }), MemoryFault.InvalidRequest);
    }

    [Fact]
    public async Task The_bounds_hold_and_are_named()
    {
        await using var hive = new Hive(new MemoryLimits { MaxValueBytes = 100, MaxEntries = 2, MaxTotalBytes = 150 });
        Assert.Contains("at most 100", (await Refused.By(() => hive.Put("a/k", new string('x', 101)), MemoryFault.TooLarge)).Message);
        await hive.Put("a/1", new string('x', 100));
        Assert.Contains("bytes", (await Refused.By(() => hive.Put("a/2", new string('x', 100)), MemoryFault.Full)).Message);
        await hive.Put("a/2", "y");
        Assert.Contains("2 entries", (await Refused.By(() => hive.Put("a/3", "z"), MemoryFault.Full)).Message);
        await hive.Put("a/2", "still");
        Assert.Equal(["a/1", "a/2"], hive.Paths());
    }

    [Fact]
    public async Task What_has_expired_makes_room()
    {
        await using var hive = new Hive(new MemoryLimits { MaxEntries = 1, SweepPause = TimeSpan.FromHours(9) });
        await hive.Put("a/1", "x", ttlMs: 10);
        await Refused.By(() => hive.Put("a/2", "y"), MemoryFault.Full);
        hive.Pass(10);
        Assert.True((await hive.Put("a/2", "y")).Applied);
        Assert.Equal(1, hive.Memory.Stats().Entries);
    }

    [Fact]
    public async Task A_reader_serves_what_the_owner_writes_and_cannot_write()
    {
        await using var hive = new Hive();
        await using var store = hive.OpenReader();
        await using var reader = MemoryStore.OpenReader(store, hive.Time);
        await hive.Put("a/k", "x", ttlMs: 100);
        Assert.Equal("x", reader.Get("a/k")!.Text);
        hive.Pass(100);
        Assert.Null(reader.Get("a/k"));
        var e = await Assert.ThrowsAsync<StorageException>(() => reader.StoreAsync(new StoreRequest("a/k", default)));
        Assert.Equal(StorageFault.ReadOnly, e.Fault);
    }

    [Fact]
    public async Task Where_nothing_was_ever_stored_everything_is_empty()
    {
        var project = Directory.CreateTempSubdirectory("skep-memory-").FullName;
        await using (var store = SqliteStore.OpenReader(SkepFolder.Create(project)))
        {
            var memory = MemoryStore.OpenReader(store, TimeProvider.System);
            using var export = new MemoryStream();
            Assert.Equal(0, memory.Export("a", export));
            Assert.Equal("{\"format\":\"skep-memory\",\"version\":1,\"prefix\":\"a\",\"entries\":[]}\n", Encoding.UTF8.GetString(export.ToArray()));
            Assert.Null(memory.Get("a/k"));
            Assert.Empty(memory.List().Entries);
            Assert.Empty(memory.Search(new SearchRequest { Text = "x" }).Entries);
            Assert.Equal((0L, 0L), (memory.Stats().Entries, memory.Revision));
        }

        Directory.Delete(project, recursive: true);
    }

    private static (bool, long) Outcome(WriteResult result) => (result.Applied, result.Version);
}
