using System.Text;
using System.Text.Json;

namespace Skep.Cli.Tests;

public class HookCommandTests
{
    [Fact]
    public async Task An_edit_that_one_command_records_is_told_by_the_next()
    {
        using var cli = new Harness();
        cli.File("src/a.cs", "one");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("hooks", "post-edit", "--file", "src/a.cs", "--memory-key", "swarm/ann/a", "--agent", "ann", "--session-id", "s1", "--success", "true", "--neural-adapt"));
        Assert.StartsWith("not acted on: --neural-adapt", cli.Error, StringComparison.Ordinal);
        cli.File("src/a.cs", "two");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("hooks", "session-restore", "--session-id", "s1"));
        Assert.Contains("Session s1 of ann", cli.Out, StringComparison.Ordinal);
        Assert.Contains("src/a.cs", cli.Out, StringComparison.Ordinal);
        Assert.Contains("changed", cli.Out, StringComparison.Ordinal);
        Assert.Contains("swarm/ann/a", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("hooks", "session-restore", "--session-id", "s1", "--json");
        using var json = JsonDocument.Parse(cli.Out);
        Assert.Equal("changed", json.RootElement.GetProperty("edits")[0].GetProperty("since").GetString());
    }

    [Fact]
    public async Task A_claimed_file_is_blocked_with_exit_code_2_and_the_holder_is_named()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("lock", "src/**", "--exclusive", "--ttl", "30m", "--agent", "bob"));
        Assert.Equal(2, await cli.RunAsync("hooks", "pre-edit", "--file", "src/a.cs", "--agent", "ann"));
        Assert.StartsWith("blocked: ", cli.Error, StringComparison.Ordinal);
        Assert.Contains("bob", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("lock", "src/a.cs", "--agent", "ann"));
        await cli.RunAsync("locks");
        Assert.Contains("src/**  bob  exclusive", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("unlock", "--agent", "bob");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("hooks", "pre-edit", "--file", "src/a.cs", "--agent", "ann"));
    }

    [Fact]
    public async Task Wrong_calls_say_what_would_be_right()
    {
        using var cli = new Harness();
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("hooks", "post-edit", "--fil", "a"));
        Assert.Contains("did you mean '--file'?", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync("hooks", "post-edit"));
        Assert.Contains("needs --file", cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("hooks", "adapt", "--trigger", "heap-pressure", "--neural-optimize"));
        Assert.Contains("is not there yet", cli.Error, StringComparison.Ordinal);
        Assert.Equal(1, await cli.RunAsync("hooks", "claude-code", "--nonsense"));
    }

    [Fact]
    public async Task Every_recorded_event_of_Claude_Code_is_taken_and_leaves_a_fact()
    {
        using var cli = new Harness();
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "fixtures", "claude-code"), "*.json", SearchOption.AllDirectories)
            .Where(f => Payload(f) is not null).Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count > 20, "the recorded events are not beside the tests");
        foreach (var file in files)
        {
            cli.Input = Payload(file)!;
            var code = await cli.RunAsync("hooks", "claude-code");
            Assert.True(code == 0, $"{Path.GetFileName(file)}: {code} {cli.Error}");
        }

        await cli.RunAsync("hooks", "metrics", "--json");
        using var json = JsonDocument.Parse(cli.Out);
        Assert.Equal(files.Count, json.RootElement.GetProperty("facts").GetInt32());
        Assert.True(json.RootElement.GetProperty("kinds").GetProperty("post-edit").GetInt32() > 0);
    }

    [Fact]
    public async Task A_blocked_edit_is_denied_to_Claude_Code_and_what_waits_for_it_is_told_with_the_prompt()
    {
        using var cli = new Harness();
        await cli.RunAsync("lock", "src/**", "--exclusive", "--agent", "bob");
        cli.Input = Event("PreToolUse", $$""","tool_name":"Edit","tool_input":{"file_path":{{JsonSerializer.Serialize(Path.Combine(cli.Project, "src", "a.cs"))}},"old_string":"a","new_string":"b"}""");
        Assert.Equal(2, await cli.RunAsync("hooks", "claude-code"));
        using var denied = JsonDocument.Parse(cli.Out);
        Assert.Equal("deny", denied.RootElement.GetProperty("hookSpecificOutput").GetProperty("permissionDecision").GetString());

        await cli.RunAsync("send", "claude-12345678", "take the other file", "--agent", "bob");
        cli.Input = Event("UserPromptSubmit", ""","prompt":"go on"}""");
        Assert.Equal(0, await cli.RunAsync("hooks", "claude-code"));
        Assert.Contains("take the other file", cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync("hooks", "claude-code"));
        Assert.DoesNotContain("take the other file", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_that_is_longer_than_a_request_to_the_owner_is_cut_and_recorded()
    {
        using var cli = new Harness();
        await using var owner = SkepHost.Open(SkepFolder.Create(cli.Project));
        cli.Input = Event("UserPromptSubmit", $$""","prompt":"{{new string('x', ControlProtocol.MaxLine)}}"}""");
        Assert.Equal(0, await cli.RunAsync("hooks", "claude-code"));
        await cli.RunAsync("hooks", "metrics", "--json");
        using var json = JsonDocument.Parse(cli.Out);
        Assert.Equal(1, json.RootElement.GetProperty("facts").GetInt32());
    }

    [Theory]
    [InlineData("{bad")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"hook_event_name\": 7}")]
    public async Task A_bad_event_blocks_nothing_and_says_so(string input)
    {
        using var cli = new Harness();
        cli.Input = Encoding.UTF8.GetBytes(input);
        Assert.Equal(1, await cli.RunAsync("hooks", "claude-code"));
        Assert.Equal("", cli.Out);
        Assert.StartsWith("skep: ", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_of_the_caller_do_not_reach_the_folder()
    {
        using var cli = new Harness();
        cli.Environment["SKEP_SECRETS"] = "DB_PASS";
        cli.Environment["DB_PASS"] = "correct-horse-battery";
        await cli.RunAsync("hooks", "post-command", "--command", "psql --pw correct-horse-battery -k sk-abcdefghijklmnop1234", "--exit-code", "0", "--session-id", "s");
        await cli.RunAsync("hooks", "notify", "--message", "the password is correct-horse-battery", "--recipients", "bob");
        await cli.RunAsync("hooks", "session-export", "--session-id", "s");
        Assert.Contains("psql --pw *** -k ***", cli.Out, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(Path.Combine(cli.Project, ".skep")).Where(f => !f.EndsWith("lock", StringComparison.Ordinal)))
            Assert.DoesNotContain("correct-horse", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_is_asked_and_answered_across_commands_without_an_owner()
    {
        using var cli = new Harness();
        var (output, error) = (new StringWriter(), new StringWriter());
        var asking = SkepProgram.RunAsync(["ask", "bob", "may I?", "--agent", "ann", "--timeout", "120s"], cli.Context(output, error));
        SkepFolder.Create(cli.Project);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("inbox", "--agent", "bob", "--wait", "120s"));
        Assert.Contains("#1 ann (ask): may I?", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("reply", "1", "yes", "--agent", "bob"));
        Assert.Equal(ExitCodes.Ok, await asking.WaitAsync(TimeSpan.FromSeconds(120)));
        Assert.Equal("yes\n", output.ToString());
        await cli.RunAsync("inbox", "--agent", "ann");
        Assert.Equal("no messages\n", cli.Out);
    }

    [Fact]
    public async Task Eight_callers_at_once_without_an_owner_lose_nothing()
    {
        using var cli = new Harness();
        SkepFolder.Create(cli.Project);
        var codes = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var worst = 0;
            for (var i = 0; i < 5; i++)
                worst = Math.Max(worst, await SkepProgram.RunAsync(["hooks", "post-command", "--command", $"c{caller}-{i}", "--session-id", "s"], cli.Context(TextWriter.Null, TextWriter.Null)));
            return worst;
        })));
        Assert.All(codes, code => Assert.Equal(ExitCodes.Ok, code));
        await cli.RunAsync("hooks", "metrics", "--json");
        using var json = JsonDocument.Parse(cli.Out);
        Assert.Equal(40, json.RootElement.GetProperty("kinds").GetProperty("post-command").GetInt32());
    }

    [Fact]
    public async Task Settings_of_Claude_Code_are_wired_and_left_as_they_were()
    {
        using var cli = new Harness();
        var program = cli.File("bin/skepc", "");
        var settings = cli.File(".claude/settings.json", "{ \"model\": \"x\" }\n");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("hooks", "install", "claude-code", "--program", program));
        Assert.Contains($"{program} hooks claude-code", await File.ReadAllTextAsync(settings), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("hooks", "uninstall", "claude-code"));
        Assert.Equal("{ \"model\": \"x\" }\n", await File.ReadAllTextAsync(settings));
    }

    [Fact]
    public async Task The_board_shows_phases_gates_and_messages_that_wait()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok }\n  - { id: b, run: fail, needs: [a] }\n");
        await cli.RunAsync("run", "-q", "--id", "r1", "--no-report");
        await cli.RunAsync("send", "ann", "look at b");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("board"));
        Assert.Contains("2/2, 1 failed", cli.Out, StringComparison.Ordinal);
        Assert.Contains("ann  1", cli.Out, StringComparison.Ordinal);
        await cli.RunAsync("hooks", "progress", "--summary");
        Assert.Contains("2/2 done", cli.Out, StringComparison.Ordinal);
    }

    private static byte[] Event(string name, string rest) => Encoding.UTF8.GetBytes($$"""{"hook_event_name":"{{name}}","session_id":"12345678-abcd"{{rest}}""" + (rest.EndsWith("}}", StringComparison.Ordinal) || name == "UserPromptSubmit" ? "" : "}"));

    /// <summary>A recorded event; some files hold it within a record of the recording.</summary>
    private static byte[]? Payload(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("hook_event_name", out _) ? File.ReadAllBytes(file) : null;
    }
}
