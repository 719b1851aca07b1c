using System.Text;

namespace Skep.Memory.Tests;

public sealed class ExchangeTests
{
    [Fact]
    public async Task An_export_has_this_form()
    {
        await using var hive = new Hive();
        await hive.Put("swarm/b", "line 1\nü \"q\"", ttlMs: 1_000);
        await hive.Memory.StoreAsync(new StoreRequest("swarm/a", " {\"n\": 1.0}\n"u8.ToArray()) { ContentType = MemoryContentType.Json, Author = new MemoryAuthor("w", "t", "r") });
        await hive.Memory.StoreAsync(new StoreRequest("swarm/c", new byte[] { 0, 254 }) { ContentType = MemoryContentType.Binary });
        Assert.Equal(
            """
            {"format":"skep-memory","version":1,"prefix":"swarm","entries":[
            {"path":"swarm/a","version":1,"type":"application/json","created":86400000,"updated":86400000,"agent":"w","task":"t","run":"r","text":" {\"n\": 1.0}\n"},
            {"path":"swarm/b","version":1,"type":"text/plain","created":86400000,"updated":86400000,"expires":86401000,"text":"line 1\nü \"q\""},
            {"path":"swarm/c","version":1,"type":"application/octet-stream","created":86400000,"updated":86400000,"base64":"AP4="}
            ]}

            """,
            Export(hive, "swarm"));
    }

    [Fact]
    public async Task Export_wipe_restore_export_is_byte_equal()
    {
        await using var hive = new Hive();
        await Fill(hive);
        var before = Export(hive);
        Assert.True(await hive.Memory.DeletePrefixAsync("") > 100);
        hive.Pass(5_000);
        var result = await Restore(hive, before);
        Assert.Equal(0, result.Expired + result.Kept);
        Assert.Equal(before, Export(hive));
        await using var elsewhere = new Hive();
        await elsewhere.Memory.RestoreAsync(new Forward(Encoding.UTF8.GetBytes(before)));
        Assert.Equal(before, Export(elsewhere));
    }

    [Fact]
    public async Task After_a_restore_versions_go_on_above_all_that_was_ever_seen()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "one");
        var file = Export(hive);
        await hive.Put("a/k", "two");
        await hive.Put("a/k", "three");
        await hive.Memory.DeletePrefixAsync("");
        await Restore(hive, file);
        Assert.Equal(1, hive.Memory.Get("a/k")!.Version);
        Assert.Equal(4, (await hive.Put("a/k", "four")).Version);
        await Restore(hive, file, RestoreMode.Overwrite);
        Assert.Equal(5, (await hive.Put("a/k", "five", expected: 1)).Version);
    }

    [Fact]
    public async Task A_restored_time_to_live_ends_when_it_would_have()
    {
        await using var hive = new Hive();
        await hive.Put("a/short", "x", ttlMs: 100);
        await hive.Put("a/long", "x", ttlMs: 1_000);
        var file = Export(hive);
        await hive.Memory.DeletePrefixAsync("a");
        hive.Pass(100);
        await hive.Memory.Sweeping; // It had been due for what was deleted.
        var result = await Restore(hive, file);
        Assert.Equal((1L, 1L), (result.Restored, result.Expired));
        hive.Pass(900);
        await hive.Memory.Sweeping;
        Assert.Empty(hive.Paths());
        Assert.Equal(0, hive.Memory.Stats().ExpiredUnswept);
    }

    [Fact]
    public async Task A_restore_into_a_prefix_that_has_entries_is_refused_unless_it_merges()
    {
        await using var hive = new Hive();
        await hive.Put("a/1", "old");
        await hive.Put("a/2", "old");
        var file = Export(hive, "a");
        hive.Pass(10);
        await hive.Put("a/2", "new");
        await hive.Put("b/1", "not concerned");
        await hive.Memory.DeleteAsync("a/1");
        Assert.Contains("'a/2'", (await Refused.By(() => Restore(hive, file), MemoryFault.NotEmpty)).Message);
        var kept = await Restore(hive, file, RestoreMode.KeepNewer);
        Assert.Equal((1L, 1L, "old", "new"), (kept.Restored, kept.Kept, hive.Text("a/1"), hive.Text("a/2")));
        await Restore(hive, file, RestoreMode.Overwrite);
        Assert.Equal(("old", "not concerned"), (hive.Text("a/2"), hive.Text("b/1")));
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "an object was expected")]
    [InlineData("{\"a\":1}", "\"format\" is missing")]
    [InlineData("{\"format\":\"other\",\"version\":1,\"prefix\":\"\",\"entries\":[]}", "not an export")]
    [InlineData("{\"format\":\"skep-memory\",\"version\":2,\"prefix\":\"\",\"entries\":[]}", "format version")]
    [InlineData("{\"format\":\"skep-memory\",\"version\":1,\"prefix\":\"a//\",\"entries\":[]}", "cannot be a prefix")]
    [InlineData("{\"format\":\"skep-memory\",\"version\":1,\"prefix\":\"\",\"entries\":[]", "not valid JSON")]
    [InlineData("{\"format\":\"skep-memory\",\"version\":1,\"prefix\":\"\",\"entries\":[]}{}", "not valid JSON")]
    [InlineData("{\"format\":\"skep-memory\",\"version\":1,\"prefix\":\"\",\"entries\":[],\"more\":1}", "the end of the object")]
    public async Task A_file_that_is_not_an_export_is_refused(string file, string reason)
    {
        await using var hive = new Hive();
        Assert.Contains(reason, (await Refused.By(() => Restore(hive, file), MemoryFault.BadFile)).Message);
    }

    [Theory]
    [InlineData("1", "must be an object")]
    [InlineData("{\"path\":\"z/1\",\"version\":1,\"type\":\"text/plain\",\"created\":1,\"updated\":1}", "must be \"text\"")]
    [InlineData("{\"path\":\"z/1\",\"version\":0,\"type\":\"text/plain\",\"created\":1,\"updated\":1,\"text\":\"\"}", "\"version\" must be a whole number")]
    [InlineData("{\"path\":\"z/1\",\"version\":1,\"type\":\"text/html\",\"created\":1,\"updated\":1,\"text\":\"\"}", "not a content type")]
    [InlineData("{\"path\":\"z/1\",\"version\":1,\"type\":\"application/json\",\"created\":1,\"updated\":1,\"text\":\"{\"}", "not valid JSON")]
    [InlineData("{\"path\":\"z/1\",\"version\":1,\"type\":\"binary\",\"created\":1,\"updated\":1,\"base64\":\"?\"}", "valid \"base64\"")]
    [InlineData("{\"path\":\"z\",\"version\":1,\"type\":\"text\",\"created\":1,\"updated\":1,\"text\":\"\"}", "lacks its namespace")]
    [InlineData("{\"path\":\"z/..\",\"version\":1,\"type\":\"text\",\"created\":1,\"updated\":1,\"text\":\"\"}", "cannot be the path")]
    [InlineData("{\"path\":\"a/1\",\"version\":1,\"type\":\"text\",\"created\":1,\"updated\":1,\"text\":\"\"}", "must be sorted")]
    [InlineData("{\"path\":\"z/1\",\"path\":\"z/2\"}", "is there twice")]
    [InlineData("{\"path\":\"z/1\",\"colour\":1}", "\"colour\" is not known")]
    [InlineData("{\"path\":\"z/1\",\"text\":\"\\ud800\"}", "surrogate")]
    [InlineData("{\"version\":1}", "\"path\" is missing")]
    public async Task A_wrong_entry_is_named_and_nothing_is_restored(string entry, string reason)
    {
        await using var hive = new Hive();
        const string Good = "{\"path\":\"b/1\",\"version\":1,\"type\":\"text/plain\",\"created\":1,\"updated\":1,\"text\":\"x\"}";
        var e = await Refused.By(() => Restore(hive, $"{{\"format\":\"skep-memory\",\"version\":1,\"prefix\":\"\",\"entries\":[{Good},{entry}]}}"), MemoryFault.BadFile);
        Assert.Contains(reason, e.Message);
        Assert.Contains("entry 2", e.Message);
        Assert.Equal(0, hive.Memory.Revision);
    }

    [Fact]
    public async Task An_entry_outside_the_files_prefix_is_refused()
    {
        await using var hive = new Hive();
        await hive.Put("b/1", "x");
        var file = Export(hive, "b").Replace("\"prefix\":\"b\"", "\"prefix\":\"c\"");
        Assert.Contains("does not belong", (await Refused.By(() => Restore(hive, file), MemoryFault.BadFile)).Message);
    }

    [Fact]
    public async Task A_restore_that_does_not_fit_changes_nothing()
    {
        await using var full = new Hive();
        for (var i = 0; i < 5; i++) await full.Put($"a/{i}", "x");
        await using var small = new Hive(new MemoryLimits { MaxEntries = 4 });
        await small.Put("b/1", "x");
        await Refused.By(() => Restore(small, Export(full)[..].Replace("\"prefix\":\"\"", "\"prefix\":\"a\"")), MemoryFault.Full);
        Assert.Equal(["b/1"], small.Paths());
        Assert.Equal(1, small.Memory.Revision);
    }

    private static async Task Fill(Hive hive)
    {
        for (var i = 0; i < 100; i++)
        {
            await hive.Put($"swarm/w-{i % 7}/{i}", $"value {i} – “{new string('ä', i)}”\t\0\u001b\u2028", ttlMs: i % 3 == 0 ? 60_000 + i : null);
            if (i % 4 == 0) await hive.Put($"swarm/w-{i % 7}/{i}", "again");
            hive.Pass(i);
        }

        await hive.Memory.StoreAsync(new StoreRequest("json/spaces", "\n { \"a\" : [ 1e3, \"\\u00e4\" ] } \r\n"u8.ToArray()) { ContentType = MemoryContentType.Json });
        await hive.Memory.StoreAsync(new StoreRequest("raw/all", Enumerable.Range(0, 256).Select(static i => (byte)i).ToArray()) { ContentType = MemoryContentType.Binary });
        await hive.Put("raw/large", new string('\u0001', 1024 * 1024));
        await hive.Put("raw/none", "");
    }

    private static string Export(Hive hive, string prefix = "")
    {
        using var stream = new MemoryStream();
        hive.Memory.Export(prefix, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task<RestoreResult> Restore(Hive hive, string file, RestoreMode mode = RestoreMode.IntoEmpty)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(file));
        return await hive.Memory.RestoreAsync(stream, mode);
    }

    /// <summary>Can be read once, as a pipe.</summary>
    private sealed class Forward(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
