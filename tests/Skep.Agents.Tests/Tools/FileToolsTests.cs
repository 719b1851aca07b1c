using System.Text;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Agents.Tests.Tools;

public sealed class FileToolsTests : ToolTests
{
    [Fact]
    public async Task A_written_file_is_read_back_with_its_lines_counted()
    {
        await Rig.DoAsync("write_file", new { path = "src/new/a.txt", content = "one\ntwo\nthree\n" });

        var text = await Rig.DoAsync("read_file", new { path = "src/new/a.txt", first_line = 2, lines = 1 });

        Assert.StartsWith("Lines 2 to 2 of 3. Go on with first_line 3.", text, StringComparison.Ordinal);
        Assert.Contains("\ntwo\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("three", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_file_gets_theRights_that_the_umask_leaves_and_a_replaced_one_keeps_its_own()
    {
        var plain = Rig.InBox("plain.txt");
        var narrow = Rig.InBox("narrow.sh", "old");
        Rights.Set(narrow, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await Rig.DoAsync("write_file", new { path = "new.txt", content = "x" });
        await Rig.DoAsync("write_file", new { path = "narrow.sh", content = "new" });

        Assert.Equal(Rights.Of(plain), Rights.Of(Path.Combine(Rig.Box, "new.txt")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Rights.Of(narrow));
        Assert.Equal("new", await File.ReadAllTextAsync(narrow));
        Assert.Empty(Directory.GetFiles(Rig.Box, "*.skep-tmp"));
    }

    [Fact]
    public async Task A_binary_file_is_reported_and_not_shown()
    {
        await File.WriteAllBytesAsync(Path.Combine(Rig.Box, "a.bin"), [1, 0, 2, 255]);

        Assert.StartsWith("'a.bin' is no text: 4 bytes, SHA-256 ", await Rig.DoAsync("read_file", new { path = "a.bin" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_file_comes_in_pieces_that_fit_into_a_result()
    {
        Rig.InBox("long.txt", string.Concat(Enumerable.Range(1, 5000).Select(i => $"line {i} {new string('x', 100)}\n")));

        var text = await Rig.DoAsync("read_file", new { path = "long.txt" });

        Assert.True(text.Length < ToolResult.MaxText);
        Assert.Contains("of 5000. Go on with first_line", text, StringComparison.Ordinal);
        Assert.EndsWith("\">", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_above_the_bound_is_refused()
    {
        await using (var file = File.Create(Path.Combine(Rig.Box, "huge"))) file.SetLength(Skep.Agents.Tools.FileSandbox.MaxReadBytes + 1);

        Assert.Contains("at most", await Rig.RefusedAsync("read_file", new { path = "huge" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_replaces_exact_text_and_says_when_it_is_not_exact()
    {
        var file = Rig.InBox("a.txt", "one\r\ntwo\r\none\r\n");

        Assert.Contains("2 times", await Rig.RefusedAsync("edit_file", new { path = "a.txt", old_text = "one", new_text = "1" }), StringComparison.Ordinal);
        Assert.Contains("does not hold", await Rig.RefusedAsync("edit_file", new { path = "a.txt", old_text = "three", new_text = "3" }), StringComparison.Ordinal);
        await Rig.DoAsync("edit_file", new { path = "a.txt", old_text = "one\ntwo", new_text = "1\n2" });

        Assert.Equal("1\r\n2\r\none\r\n", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task An_edit_in_all_places_says_in_how_many()
    {
        var file = Rig.InBox("a.txt", "a a a");

        Assert.Contains("3 places", await Rig.DoAsync("edit_file", new { path = "a.txt", old_text = "a", new_text = "b", replace_all = true }), StringComparison.Ordinal);
        Assert.Equal("b b b", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task An_edit_that_is_delivered_twice_happens_once()
    {
        var file = Rig.InBox("a.txt", "x");
        var (key, args) = (Rig.NextKey(), new { path = "a.txt", old_text = "x", new_text = "xx" });

        await Rig.DoAsync("edit_file", args, key);
        await Rig.DoAsync("edit_file", new { path = "a.txt", old_text = "x", new_text = "xx" }, key);

        Assert.Equal("xx", await File.ReadAllTextAsync(file));
        Assert.Equal(1, Rig.Facts("post-edit"));
    }

    [Fact]
    public async Task An_edit_whose_process_died_before_it_was_recorded_is_recognised_by_its_result()
    {
        var file = Rig.InBox("a.txt", "x");
        var key = Rig.NextKey();
        var call = new ToolCall(default, key, Rig.Agent);
        var book = new Skep.Agents.Tools.EditBook(Rig.Ledger, new Skep.Orchestration.Hooks.HooksFamily(Rig.Ledger));
        await book.IntendAsync(call, file, Skep.Agents.Tools.EditBook.Hash("x"u8), Skep.Agents.Tools.EditBook.Hash("xx"u8), default);
        await File.WriteAllTextAsync(file, "xx");

        await Rig.DoAsync("edit_file", new { path = "a.txt", old_text = "x", new_text = "xx" }, key);

        Assert.Equal("xx", await File.ReadAllTextAsync(file));
        Assert.Equal(1, Rig.Facts("post-edit"));
    }

    [Fact]
    public async Task An_edit_whose_process_died_before_it_happened_is_done_by_the_next_delivery_unless_the_file_is_another()
    {
        var (first, second) = (Rig.NextKey(), Rig.NextKey());
        var file = Rig.InBox("a.txt", "x");
        var book = new Skep.Agents.Tools.EditBook(Rig.Ledger, new Skep.Orchestration.Hooks.HooksFamily(Rig.Ledger));
        foreach (var key in (string[])[first, second])
            await book.IntendAsync(new ToolCall(default, key, Rig.Agent), file, Skep.Agents.Tools.EditBook.Hash("x"u8), Skep.Agents.Tools.EditBook.Hash("xx"u8), default);

        await Rig.DoAsync("edit_file", new { path = "a.txt", old_text = "x", new_text = "xx" }, first);
        await File.WriteAllTextAsync(file, "x by somebody else");
        var refused = await Rig.CallAsync("edit_file", new { path = "a.txt", old_text = "x", new_text = "xx" }, second);

        Assert.True(refused.IsError);
        Assert.Equal("x by somebody else", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_write_that_is_delivered_again_does_not_undo_what_came_after()
    {
        var key = Rig.NextKey();
        await Rig.DoAsync("write_file", new { path = "a.txt", content = "mine" }, key);
        var file = Rig.InBox("a.txt", "later");

        await Rig.DoAsync("write_file", new { path = "a.txt", content = "mine" }, key);

        Assert.Equal("later", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task An_edit_leaves_the_same_fact_as_the_hook_does()
    {
        await Rig.DoAsync("write_file", new { path = "a.txt", content = "hello" });

        var facts = Rig.Ledger.Read(sql => Skep.Orchestration.Hooks.FactReader.EditsOf(sql, "box/a.txt", 10), []);

        var fact = Assert.Single(facts);
        Assert.Equal(("writer-1", "run-1", "write", "box/a.txt", 5L), (fact.Agent, fact.Run, fact.Task, fact.Subject, fact.Size));
        Assert.Equal(Skep.Agents.Tools.EditBook.Hash("hello"u8), fact.Sha256);
    }

    [Theory]
    [InlineData(OwnershipRule.Block)]
    [InlineData(OwnershipRule.Report)]
    public async Task A_file_that_another_live_task_owns_is_refused_or_noted_as_the_plan_says(OwnershipRule rule)
    {
        var file = Rig.InBox("lib/a.txt", "theirs");
        Rig.Live.Work.Add(new LiveTask("run-1", "other", "build", 1, "owner-1", Rig.Attempt.Workspace, ["box/lib/**"], rule));

        var result = await Rig.CallAsync("write_file", new { path = "lib/a.txt", content = "mine" });

        Assert.Equal(rule == OwnershipRule.Block, result.IsError);
        Assert.Contains("owner-1", result.Text, StringComparison.Ordinal);
        Assert.Equal(rule == OwnershipRule.Block ? "theirs" : "mine", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_hook_of_the_plan_can_forbid_an_edit()
    {
        Rig.Live.Outcomes.Add(new HookOutcome(HookEvents.PreEdit, "check.sh", 2, true, "frozen", TimeSpan.Zero));

        Assert.Contains("frozen", await Rig.RefusedAsync("write_file", new { path = "a.txt", content = "x" }), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Rig.Box, "a.txt")));
    }

    [Fact]
    public async Task A_list_names_what_there_is_and_follows_nothing()
    {
        Rig.InBox("src/a.cs", "12345");
        Rig.InBox(".env", "KEY=1");
        Directory.CreateSymbolicLink(Path.Combine(Rig.Box, "out"), Rig.Outside);

        var text = await Rig.DoAsync("list_files", new { depth = 3 });

        Assert.Contains("src/\nsrc/a.cs  5\n", text, StringComparison.Ordinal);
        Assert.Contains("out  (link, not followed)", text, StringComparison.Ordinal);
        Assert.Contains(".env  5 (closed)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.txt", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_bounded()
    {
        for (var i = 0; i < 1100; i++) File.WriteAllText(Path.Combine(Rig.Box, $"f{i}"), "");

        Assert.Contains("Incomplete: only the first 1000 entries", await Rig.DoAsync("list_files", new { }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_finds_lines_and_passes_over_what_is_closed_linked_or_no_text()
    {
        Rig.InBox("src/a.cs", "nothing\n  the Needle here\n");
        Rig.InBox("b.txt", "needle\n");
        Rig.InBox(".env", "needle=1");
        await File.WriteAllBytesAsync(Path.Combine(Rig.Box, "c.bin"), [0, .. Encoding.UTF8.GetBytes("needle")]);
        File.CreateSymbolicLink(Path.Combine(Rig.Box, "link.txt"), Path.Combine(Rig.Outside, "secret.txt"));

        var text = await Rig.DoAsync("search_files", new { text = "needle", ignore_case = true });
        var narrow = await Rig.DoAsync("search_files", new { text = "needle", ignore_case = true, files = "src/**/*.cs" });
        var secret = await Rig.DoAsync("search_files", new { text = "outside-secret" });

        Assert.Contains("src/a.cs:2:   the Needle here", text, StringComparison.Ordinal);
        Assert.Contains("b.txt:1: needle", text, StringComparison.Ordinal);
        Assert.DoesNotContain(".env:", text, StringComparison.Ordinal);
        Assert.StartsWith("2 lines found in 2 files that were searched. 3 files were passed over", text, StringComparison.Ordinal);
        Assert.StartsWith("1 lines found in 1 files", narrow, StringComparison.Ordinal);
        Assert.StartsWith("0 lines found", secret, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_masked_in_what_is_read_found_and_written()
    {
        Rig.Mask = text => text.Replace("tops3cret", "***", StringComparison.Ordinal);
        Rig.InBox("a.txt", "the key is tops3cret\n");

        await Rig.DoAsync("write_file", new { path = "b.txt", content = "tops3cret" });
        var texts = (string[])[await Rig.DoAsync("read_file", new { path = "a.txt" }), await Rig.DoAsync("search_files", new { text = "key" })];

        Assert.All(texts, t => Assert.DoesNotContain("tops3cret", t, StringComparison.Ordinal));
        Assert.Equal("***", await File.ReadAllTextAsync(Path.Combine(Rig.Box, "b.txt")));
    }
}
