using System.Text.Json;

namespace Skep.Mcp.Tests;

public sealed class MemoryToolTests
{
    [Fact]
    public async Task What_is_stored_is_in_the_store_when_the_call_answers()
    {
        await using var rig = await McpRig.StartAsync();
        var stored = await rig.CallAsync("memory_usage", new { action = "store", key = "swarm/plan", value = "dance", @namespace = "bees", ttl = 3600 });
        Assert.Equal(("bees/swarm/plan", 1), (stored.GetProperty("path").GetString(), stored.GetProperty("version").GetInt32()));
        Assert.True(stored.TryGetProperty("expires_at", out _));
        Assert.Equal("dance", await rig.MemoryAsync("bees/swarm/plan"));
        var read = await rig.CallAsync("memory_usage", new { action = "retrieve", key = "swarm/plan", @namespace = "bees" });
        Assert.Equal(("dance", true), (read.GetProperty("value").GetString(), read.GetProperty("found").GetBoolean()));
    }

    [Fact]
    public async Task What_is_no_text_is_stored_as_json()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("memory_usage", new { action = "store", key = "facts", value = new { hives = 3 } });
        Assert.Equal("""{"hives":3}""", await rig.MemoryAsync("default/facts"));
        Assert.Equal("application/json", (await rig.CallAsync("memory_usage", new { action = "retrieve", key = "facts" })).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Entries_are_listed_found_counted_and_deleted()
    {
        await using var rig = await McpRig.StartAsync();
        foreach (var key in new[] { "one", "two", "three" }) await rig.CallAsync("memory_usage", new { action = "store", key, value = $"the value of {key}", @namespace = "n" });
        var page = await rig.CallAsync("memory_usage", new { action = "list", @namespace = "n", limit = 2 });
        Assert.Equal(2, page.GetProperty("entries").GetArrayLength());
        var rest = await rig.CallAsync("memory_usage", new { action = "list", @namespace = "n", limit = 2, after = page.GetProperty("next").GetString() });
        Assert.Equal("n/two", rest.GetProperty("entries")[0].GetProperty("path").GetString());
        Assert.Equal(["n/three"], Paths(await rig.CallAsync("memory_usage", new { action = "search", pattern = "of three", @namespace = "n" })));
        Assert.Equal(["n/three", "n/two"], Paths(await rig.CallAsync("memory_search", new { pattern = "t*" })));
        Assert.Equal(3, (await rig.CallAsync("memory_usage", new { action = "stats" })).GetProperty("entries").GetInt32());
        Assert.Equal(1, (await rig.CallAsync("memory_usage", new { action = "delete", key = "two", @namespace = "n" })).GetProperty("deleted").GetInt32());
        Assert.Null(await rig.MemoryAsync("n/two"));
        Assert.Contains("there is no entry 'n/two'", await rig.RefuseAsync("memory_usage", new { action = "delete", key = "two", @namespace = "n" }), StringComparison.Ordinal);
        Assert.False((await rig.CallAsync("memory_usage", new { action = "retrieve", key = "two", @namespace = "n" })).GetProperty("found").GetBoolean());
    }

    [Fact]
    public async Task Entries_are_found_by_words_by_metadata_and_letter_for_letter()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("memory_usage", new { action = "store", key = "retry", value = "a failed upload is retried", @namespace = "n" });
        await rig.CallAsync("memory_usage", new { action = "store", key = "bees", value = new { text = "bees fly", score = 3 }, @namespace = "n" });
        var found = await rig.CallAsync("memory_search", new { pattern = "uploads that fail" });
        Assert.Equal(["n/retry"], Paths(found));
        Assert.Equal("hybrid", found.GetProperty("mode").GetString());
        Assert.True(found.GetProperty("entries")[0].GetProperty("score").GetDouble() > 0);
        Assert.Equal("a failed upload is retried", found.GetProperty("entries")[0].GetProperty("value").GetString());
        Assert.Equal(["n/bees"], Paths(await rig.CallAsync("memory_search", new { filter = "score > 2" })));
        Assert.Equal(["n/retry"], Paths(await rig.CallAsync("memory_search", new { pattern = "iled up", mode = "contains" })));
        Assert.Empty(Paths(await rig.CallAsync("memory_search", new { pattern = "upload", @namespace = "other" })));
        Assert.Contains("there is no field 'scor'", await rig.RefuseAsync("memory_search", new { filter = "scor > 2" }), StringComparison.Ordinal);
        Assert.Contains("3 numbers", await rig.RefuseAsync("memory_search", new { vector = new[] { 1, 2, 3 } }), StringComparison.Ordinal);
        Assert.Contains("'pattern' is missing", await rig.RefuseAsync("memory_search", new { }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_says_by_which_parts_it_was_found_and_what_was_left_out()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("memory_usage", new { action = "store", key = "bees", value = "honey", @namespace = "n" });
        var found = await rig.CallAsync("memory_search", new { pattern = "honey" });
        Assert.Equal(["text", "vector skep-hash-1:384:unit"], Texts(found, "parts"));
        Assert.False(found.TryGetProperty("notes", out _));
        var missed = await rig.CallAsync("memory_search", new { pattern = "honey", @namespace = "nobody" });
        Assert.Empty(Paths(missed));
        Assert.Equal(["there is no entry under 'nobody/'"], Texts(missed, "notes"));
    }

    [Fact]
    public async Task Searches_that_make_no_sense_are_refused_and_say_where()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("memory_usage", new { action = "store", key = "bees", value = "honey", @namespace = "n" });
        await No(new { pattern = "" }, "pattern");
        await No(new { pattern = new string('x', 1 << 20) }, "pattern");
        await No(new { pattern = " " }, "empty");
        await No(new { pattern = "honey", filter = "colour = 1" }, "at column 1");
        await No(new { pattern = "honey", filter = "size = 'large'" }, "at column 8");
        await No(new { pattern = "honey", mode = "magic" }, "mode");
        await No(new { vector = new[] { 1, 2, 3 } }, "3 numbers, and its model has 384");
        await No(new { vector = new float[384] }, "no direction");
        await No(new { vector = Enumerable.Repeat(1e300, 384) }, "must be finite");
        await No(new { vector = new[] { "a" } }, "vector");
        await No(new { vector = new float[9_000] }, "vector");
        async Task No(object args, string message) => Assert.Contains(message, await rig.RefuseAsync("memory_search", args), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_is_backed_up_cleared_and_restored()
    {
        await using var rig = await McpRig.StartAsync(s => s with { All = true });
        foreach (var key in new[] { "a", "b" }) await rig.CallAsync("memory_usage", new { action = "store", key, value = key, @namespace = "bees" });
        Assert.Equal("bees", (await rig.CallAsync("memory_namespace", new { @namespace = "bees", action = "list" })).GetProperty("namespaces")[0].GetProperty("namespace").GetString());
        Assert.Equal(2, (await rig.CallAsync("memory_backup", new { path = "kept.jsonl" })).GetProperty("entries").GetInt32());
        Assert.Contains("is there already", await rig.RefuseAsync("memory_backup", new { path = "kept.jsonl" }), StringComparison.Ordinal);
        Assert.Contains("lies outside the workspace", await rig.RefuseAsync("memory_backup", new { path = "../kept.jsonl" }), StringComparison.Ordinal);
        Assert.Equal(2, (await rig.CallAsync("memory_namespace", new { @namespace = "bees", action = "clear" })).GetProperty("deleted").GetInt32());
        Assert.Null(await rig.MemoryAsync("bees/a"));
        Assert.Equal(2, (await rig.CallAsync("memory_restore", new { backupPath = "kept.jsonl" })).GetProperty("restored").GetInt32());
        Assert.Equal("a", await rig.MemoryAsync("bees/a"));
    }

    [Fact]
    public async Task A_long_value_is_cut_and_says_so()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("memory_usage", new { action = "store", key = "long", value = new string('x', 60_000) });
        var read = await rig.CallAsync("memory_usage", new { action = "retrieve", key = "long" });
        Assert.Equal((32 * 1024, 60_000), (read.GetProperty("value").GetString()!.Length, read.GetProperty("value_characters").GetInt32()));
    }

    [Fact]
    public async Task Looking_does_not_take_the_folder()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("memory_usage", new { action = "retrieve", key = "nothing" });
        await rig.CallAsync("memory_search", new { pattern = "nothing" });
        await rig.CallAsync("run_list");
        await rig.CallAsync("swarm_status");
        Assert.False(rig.Server.Desk.Gate.IsOwner);
    }

    private static IEnumerable<string?> Texts(JsonElement answer, string name) => answer.GetProperty(name).EnumerateArray().Select(static t => t.GetString());

    private static IEnumerable<string?> Paths(JsonElement page) => page.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("path").GetString());
}
