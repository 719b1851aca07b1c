using System.Text;
using System.Text.Json;

namespace Skep.Cli.Tests;

public class MemoryCommandsTests
{
    [Fact]
    public async Task What_one_command_stores_the_next_one_gets()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "store", "swarm/w/status", "busy"));
        Assert.Equal("stored swarm/w/status, version 1\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "get", "swarm/w/status"));
        Assert.Equal("busy\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "get", "status", "--namespace", "swarm/w"));
        Assert.Equal("busy\n", cli.Out);
    }

    [Fact]
    public async Task A_missing_entry_exits_with_1_unless_there_is_a_default()
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "a", "x");
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("memory", "get", "nothing/here"));
        Assert.Equal("error: there is no entry 'nothing/here'\n", cli.Error);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "get", "nothing/here", "--default", "0"));
        Assert.Equal("0\n", cli.Out);
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("memory", "delete", "nothing/here"));
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("memory", "search", "nothing"));
    }

    [Fact]
    public async Task Words_find_entries_best_first_and_explain_tells_how()
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "n/retry", "a failed upload is retried", "--tag", "urgent");
        await cli.RunAsync("memory", "store", "n/bees", "bees fly when the sun shines");
        await cli.RunAsync("memory", "store", "n/both", "bees upload honey");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "search", "failed", "upload"));
        Assert.Equal("n/retry\ta failed upload is retried\nn/both\tbees upload honey\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "search", "upload", "--filter", "tags has 'urgent'"));
        Assert.Equal("n/retry\ta failed upload is retried\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "explain", "bees", "--filter", "not tags exists and size > 20"));
        Assert.Contains("mode      hybrid", cli.Out, StringComparison.Ordinal);
        Assert.Contains("the filter removed 1 better ones: n/both", cli.Out, StringComparison.Ordinal);
        Assert.Contains("list      vector skep-hash-1:384:unit", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "search", "upload", "--contains", "load h"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "search", "--contains", "LOAD H"));
        Assert.Contains("n/both", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "search", "bees", "--vector", "[1,2]"));
        Assert.Contains("2 numbers", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "search", "bees", "--filter", "colour = 1"));
        Assert.Contains("there is no field 'colour'", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the text to find is empty", " ")]
    [InlineData("at column 1", "x", "--filter", "colour = 1")]
    [InlineData("at column 8", "x", "--filter", "size = 'large'")]
    [InlineData("3 numbers, and its model has 384", "--vector", "[1,2,3]")]
    [InlineData("holds vectors of skep-hash-1 (384 dimensions, normalised); these are of clip", "--vector", "[1,2,3]", "--vector-model", "clip:3:raw")]
    [InlineData("1e300 does not fit 32 bits", "--vector", "[0.5, 1e300]")]
    [InlineData("is no way to search", "x", "--mode", "magic")]
    public async Task Searches_that_make_no_sense_are_refused(string message, params string[] args)
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "a/x", "honey");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(["memory", "search", .. args]));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_without_direction_and_texts_without_end_are_refused()
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "a/x", "honey");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "search", "--vector", $"[{string.Join(',', Enumerable.Repeat("0", 384))}]"));
        Assert.Contains("all its numbers are 0, so it has no direction", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "search", new string('x', 100_000)));
        Assert.Contains("100000 characters, and 16384 are allowed", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_says_on_standard_error_what_it_did_without()
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "a/x", "honey");
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("memory", "search", "honey", "--prefix", "nobody/"));
        Assert.Equal("there is no entry under 'nobody/'\n", cli.Error);
        await cli.RunAsync("memory", "reindex", "own", "--model", "own:clip:3");
        await cli.RunAsync("memory", "store", "own/x", "honey", "--vector", "[1,0,0]", "--vector-model", "clip:3:raw");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "search", "honey"));
        Assert.Contains("'own' was not searched by vectors", cli.Error, StringComparison.Ordinal);
        Assert.Contains("own/x\thoney", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_gets_index_settings_that_stats_shows_and_bad_ones_are_refused()
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "notes/x", "honey");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "reindex", "notes", "--codes", "bits4", "--m", "24", "--ef", "200"));
        Assert.Equal("vectors of notes are indexed with bits4, cosine, M 24, ef 200; 1 entries have vectors\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "stats"));
        Assert.Contains("index       notes: bits4, cosine, M 24, ef 200 (version 1)\n", cli.Out, StringComparison.Ordinal);
        Assert.Contains("index       bits7, cosine, M 16, ef 96\n", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "reindex", "notes", "--codes", "bits3"));
        Assert.Contains("full, bits7, bits4, bit1, product", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "reindex", "notes", "--m", "1000"));
        Assert.Contains("it must be 4 to 64", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "reindex", "notes", "--metric", "l2"));
        Assert.Contains("all of length 1", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_is_a_picture_or_a_page_with_every_entry_on_it()
    {
        using var cli = new Harness();
        for (var i = 0; i < 3; i++) await cli.RunAsync("memory", "store", $"n/bees/{i}", $"bees & honey <{i}>");
        await cli.RunAsync("memory", "store", "n/build/x", "the compiler");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "map", "n", "--output", "m.svg"));
        Assert.StartsWith("4 of 4 entries drawn to m.svg; two directions show ", cli.Out, StringComparison.Ordinal);
        var picture = System.Xml.Linq.XDocument.Load(Path.Combine(cli.Project, "m.svg"));
        Assert.Equal(["n/bees/0", "n/bees/1", "n/bees/2", "n/build/x"], picture.Descendants().Where(e => e.Name.LocalName == "title").Select(e => e.Value.Trim()).Where(t => t.StartsWith("n/", StringComparison.Ordinal)).Order());
        Assert.Contains(picture.Descendants(), e => e.Value == "n/bees (3)");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "map"));
        Assert.Contains("<svg", await File.ReadAllTextAsync(Path.Combine(cli.Project, "memory-map.html")), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "map", "--json", "--limit", "2"));
        Assert.Contains("\"total\":4", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "map", "--output", "m.png"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "map", "nothing/here"));
        Assert.Contains("no entry under 'nothing/here' has a vector", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_imported_and_namespaces_move_to_other_models()
    {
        using var cli = new Harness();
        await File.WriteAllTextAsync(Path.Combine(cli.Project, "notes.jsonl"), "{\"path\":\"one\",\"text\":\"honey comb\",\"tags\":[\"gold\"]}\n{\"path\":\"two\",\"text\":\"wax\"}\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "import", "notes.jsonl", "--into", "notes"));
        Assert.Equal("imported 2 entries from notes.jsonl\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "search", "--filter", "tags has 'gold'"));
        Assert.Equal("notes/one\thoney comb\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "reindex", "notes", "--model", "hash:128"));
        Assert.Equal("vectors of notes are made by skep-hash-1:128:unit; 2 entries have vectors\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "stats"));
        Assert.Contains("vectors     skep-hash-1:384:unit, notes: skep-hash-1:128:unit; 0 brought by callers", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "reindex", "notes", "--model", "nobody/nothing"));
        await File.WriteAllTextAsync(Path.Combine(cli.Project, "bad.jsonl"), "{\"path\":\"three\",\"text\":\"x\"}\n{\n");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "import", "bad.jsonl"));
        Assert.Contains("line 2", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "import", "gone.jsonl"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "import", "notes.jsonl", "--format", "xml"));
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("memory", "get", "three"));
    }

    [Fact]
    public async Task A_conflict_has_an_exit_code_of_its_own_and_tells_the_version()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "store", "c/n", "1", "--if-version", "0"));
        Assert.Equal(ExitCodes.Conflict, await cli.RunAsync("memory", "store", "c/n", "2", "--if-version", "0"));
        Assert.Contains("'c/n' has version 1, but no entry was expected", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Conflict, await cli.RunAsync("memory", "delete", "c/n", "--if-version", "5"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "delete", "c/n", "--if-version", "1"));
    }

    [Theory]
    [InlineData("the value is missing", "store", "a")]
    [InlineData("not both", "store", "a", "x", "--file", "f")]
    [InlineData("not a time-to-live", "store", "a", "x", "--ttl", "soon")]
    [InlineData("not a content type", "store", "a", "x", "--type", "text/html")]
    [InlineData("not valid JSON", "store", "a", "{", "--type", "json")]
    [InlineData("empty part", "store", "a//b", "x")]
    [InlineData("cannot read 'gone.txt'", "store", "a", "--file", "gone.txt")]
    [InlineData("cannot read 'gone.json'", "restore", "gone.json")]
    [InlineData("say what to search", "search")]
    [InlineData("at least 1", "list", "--limit", "0")]
    public Task What_is_wrong_is_said_with_exit_code_2(string message, params string[] args) => MemoryRefusal.SaysAsync(message, args);

    [Fact]
    public async Task Bytes_go_in_and_come_out_unchanged()
    {
        using var cli = new Harness();
        cli.Input = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "store", "raw/in", "-", "--type", "binary"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "get", "raw/in", "--raw"));
        Assert.Equal(cli.Input, cli.Bytes.ToArray());
        await File.WriteAllTextAsync(Path.Combine(cli.Project, "v.json"), "{\"ä\": 1}\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "store", "raw/json", "--file", "v.json", "--type", "json"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "get", "raw/json", "--raw"));
        Assert.Equal("{\"ä\": 1}\n", Encoding.UTF8.GetString(cli.Bytes.ToArray()));
        cli.Input = new byte[(1024 * 1024) + 1];
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("memory", "store", "raw/large", "-", "--type", "binary"));
    }

    [Fact]
    public async Task The_largest_value_passes_through_an_owner_whatever_it_consists_of()
    {
        using var cli = new Harness();
        await using var owner = SkepHost.Open(SkepFolder.Create(cli.Project));
        foreach (var (type, content) in new[] { ("binary", (byte)255), ("text", (byte)1) })
        {
            cli.Input = [.. Enumerable.Repeat(content, 1024 * 1024)];
            Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "store", $"big/{type}", "-", "--type", type));
            Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "get", $"big/{type}", "--raw"));
            Assert.Equal(cli.Input, cli.Bytes.ToArray());
        }

        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "list", "--values", "--json"));
        Assert.Equal(["big/binary", "big/text"], Lines(cli).Select(l => Field(l, "path")));
    }

    [Fact]
    public async Task Lists_and_searches_go_through_all_pages()
    {
        using var cli = new Harness();
        await using var owner = SkepHost.Open(SkepFolder.Create(cli.Project));
        await Task.WhenAll(Enumerable.Range(0, 1_203).Select(i => owner.Memory.StoreAsync(new Memory.StoreRequest($"many/{i:0000}", Encoding.UTF8.GetBytes(i % 400 == 0 ? "rare" : "x")))));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "list", "many"));
        Assert.Equal(1_203, Lines(cli).Length);
        Assert.StartsWith("many/0000  v1  text/plain  4 B", Lines(cli)[0], StringComparison.Ordinal);
        await cli.RunAsync("memory", "list", "many", "--limit", "700");
        Assert.Equal(700, Lines(cli).Length);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "search", "RARE", "--json"));
        Assert.Equal(["many/0000", "many/0400", "many/0800", "many/1200"], Lines(cli).Select(l => Field(l, "path")));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "search", "--glob", "12?2", "--prefix", "many"));
        Assert.StartsWith("many/1202", Lines(cli)[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_and_without_an_owner_the_answers_are_the_same()
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "a/1", "x\ny");
        await cli.RunAsync("memory", "store", "a/2", "[1]", "--type", "json");
        string[][] commands = [["get", "a/1", "--json"], ["list", "--json"], ["list", "--values"], ["search", "x", "--mode", "text"], ["stats"], ["namespaces"], ["get", "a/none"]];
        var alone = new List<string>();
        foreach (var command in commands) alone.Add(await Told(cli, command));
        await using var owner = SkepHost.Open(SkepFolder.Find(cli.Project)!);
        // What an owner has besides is its cache.
        for (var i = 0; i < commands.Length; i++) Assert.Equal(alone[i], string.Join('\n', (await Told(cli, commands[i])).Split('\n').Where(static l => !l.StartsWith("cache ", StringComparison.Ordinal))));
        Assert.Equal($"{alone[3]}found by words alone: vectors are searched by the full program 'skep' as the owner of the folder\n", await Told(cli, ["search", "x"]));
        for (var i = 0; i < 3; i++) await Told(cli, ["get", "a/1"]);
        Assert.Contains("cache       2 entries, ", await Told(cli, ["stats"]), StringComparison.Ordinal);
        Assert.Equal(3, owner.Memory.Stats().Cache!.Hits);
        Assert.Contains("a/1\tx y", alone[2], StringComparison.Ordinal);
        Assert.Contains("entries     2 of at most 1000000", alone[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_to_live_is_kept_and_what_has_expired_is_gone()
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "a/long", "x", "--ttl", "1.5h");
        Assert.Contains("expires in 1h ", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("memory", "store", "a/short", "x", "--ttl", "1ms", "--json");
        var expires = JsonDocument.Parse(cli.Out).RootElement.GetProperty("expires").GetInt64();
        while (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() < expires) await Task.Yield();
        Assert.Equal(ExitCodes.NotFound, await cli.RunAsync("memory", "get", "a/short"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "get", "a/long"));
    }

    [Fact]
    public async Task Deleting_a_prefix_deletes_all_beneath_it()
    {
        using var cli = new Harness();
        foreach (var path in new[] { "w-1/a", "w-1/b/c", "w-10/a" }) await cli.RunAsync("memory", "store", path, "x");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "delete", "w-1", "--prefix"));
        Assert.Equal("deleted 2 entries of w-1\n", cli.Out);
        await cli.RunAsync("memory", "list");
        Assert.StartsWith("w-10/a", Assert.Single(Lines(cli)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_wipe_restore_export_is_byte_equal()
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "a/text", "ü", "--ttl", "1d");
        await cli.RunAsync("memory", "store", "a/text", "ü2", "--ttl", "1d");
        cli.Input = [1, 2, 255];
        await cli.RunAsync("memory", "store", "b/raw", "-", "--type", "binary");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "export", "--output", "m.json"));
        Assert.Equal("exported 2 entries to m.json\n", cli.Out);
        var exported = await File.ReadAllBytesAsync(Path.Combine(cli.Project, "m.json"));
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("memory", "restore", "m.json"));
        Assert.Contains("'a/text'", cli.Error, StringComparison.Ordinal);
        await cli.RunAsync("memory", "delete", "*", "--prefix");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "restore", "m.json"));
        Assert.Equal("restored 2 entries\n", cli.Out);
        await cli.RunAsync("memory", "export");
        Assert.Equal(exported, cli.Bytes.ToArray());
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "restore", "m.json", "--merge"));
        Assert.Equal("restored 0 entries, kept 2 that are newer\n", cli.Out);
        cli.Input = exported;
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "restore", "-", "--overwrite"));
        await File.WriteAllTextAsync(Path.Combine(cli.Project, "m.json"), "{\"format\":1}");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("memory", "restore", "m.json", "--merge"));
        Assert.Contains("nothing was changed", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_writes_the_changes_with_an_owner_and_without(bool owned)
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "a/1", "one");
        await cli.RunAsync("memory", "store", "b/1", "elsewhere");
        await cli.RunAsync("memory", "delete", "a/1");
        await using var owner = owned ? SkepHost.Open(SkepFolder.Find(cli.Project)!) : null;
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "watch", "a", "--since", "0", "--count", "2"));
        Assert.Equal("1  stored  a/1\n3  deleted  a/1\n", cli.Out);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "watch", "--since", "1", "--count", "1", "--json"));
        Assert.Equal("elsewhere", JsonDocument.Parse(cli.Out).RootElement.GetProperty("entry").GetProperty("text").GetString());
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("memory", "watch", "--since", "99"));
    }

    [Fact]
    public async Task A_watch_goes_on_in_the_database_when_the_owner_ends()
    {
        using var cli = new Harness();
        var owner = SkepHost.Open(SkepFolder.Create(cli.Project));
        await owner.Memory.StoreAsync(new Memory.StoreRequest("a/1", "x"u8.ToArray()));
        var output = new Waiting("stored  a/1");
        var watch = SkepProgram.RunAsync(["memory", "watch", "--since", "0", "--count", "2"], cli.Context(output, TextWriter.Null));
        await output.Seen.WaitAsync(TimeSpan.FromSeconds(60));
        await owner.DisposeAsync();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("memory", "store", "a/2", "y"));
        Assert.Equal(ExitCodes.Ok, await watch.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("2  stored  a/2\ty", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Within_a_task_an_entry_knows_who_wrote_it()
    {
        using var cli = new Harness();
        (cli.Environment["SKEP_AGENT"], cli.Environment["SKEP_TASK_ID"], cli.Environment["SKEP_RUN_ID"]) = ("coder", "build", "run-1");
        await cli.RunAsync("memory", "store", "a/1", "x");
        await cli.RunAsync("memory", "get", "a/1", "--json");
        Assert.Equal(("coder", "build", "run-1"), (Field(cli.Out, "agent"), Field(cli.Out, "task"), Field(cli.Out, "run")));
    }

    private static async Task<string> Told(Harness cli, string[] command) => $"{await cli.RunAsync(["memory", .. command])}\n{cli.Out}{cli.Error}";

    private static string[] Lines(Harness cli) => cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string? Field(string json, string name) => JsonDocument.Parse(json).RootElement.GetProperty(name).GetString();

    /// <summary>Tells when a text was written.</summary>
    private sealed class Waiting(string text) : StringWriter
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true) _seen.TrySetResult();
        }
    }
}
