using System.Text.Json;
using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Tests.Hooks;

public sealed class CodingCliSettingsTests
{
    private const string Program = "/opt/skep/skepc";

    [Fact]
    public void Without_a_file_the_settings_wire_every_event_to_the_program()
    {
        var text = ClaudeCodeSettings.Install(null, Program);

        using var json = JsonDocument.Parse(text);
        var hooks = json.RootElement.GetProperty("hooks");
        Assert.Equal(
            ["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure", "Notification", "SubagentStart", "SubagentStop", "Stop", "SessionEnd"],
            hooks.EnumerateObject().Select(hook => hook.Name));
        var before = hooks.GetProperty("PreToolUse")[0];
        Assert.Equal("Write|Edit|MultiEdit|NotebookEdit|Bash|PowerShell|Task|Agent", before.GetProperty("matcher").GetString());
        Assert.Equal("/opt/skep/skepc hooks claude-code", before.GetProperty("hooks")[0].GetProperty("command").GetString());
        Assert.Equal(60, before.GetProperty("hooks")[0].GetProperty("timeout").GetInt32());
        Assert.Null(ClaudeCodeSettings.Uninstall(text));
    }

    [Fact]
    public void Users_hooks_keys_and_layout_stay()
    {
        const string Text = "{\r\n\t\"model\" : \"opus\",\r\n\t\"hooks\": {\r\n\t\t\"Stop\": [\r\n\t\t\t{ \"hooks\": [ { \"type\": \"command\", \"command\": \"say done\" } ] }\r\n\t\t]\r\n\t}\r\n}\r\n";
        var installed = ClaudeCodeSettings.Install(Text, Program);

        Assert.StartsWith(Text[..Text.IndexOf("\r\n\t\t]", StringComparison.Ordinal)] + ",\r\n\t\t\t{\r\n\t\t\t\t\"hooks\": [\r\n\t\t\t\t\t{ \"type\": \"command\", \"command\": \"/opt/skep/skepc hooks claude-code\"", installed, StringComparison.Ordinal);
        Assert.Contains("\r\n\t\t\"SessionStart\": [\r\n\t\t\t{", installed, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", installed.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(Text, ClaudeCodeSettings.Uninstall(installed));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("\uFEFF")]
    [InlineData("{}")]
    [InlineData("{ }")]
    [InlineData("{\n}\n")]
    [InlineData("\uFEFF{\r\n}")]
    [InlineData("{\"hooks\":{}}")]
    [InlineData("{\n  \"hooks\": {\n  }\n}\n")]
    [InlineData("{\n  \"hooks\": {\n    \"Stop\": []\n  }\n}\n")]
    [InlineData("{\n  \"hooks\": {\n    \"Stop\": [\n    ],\n    \"X\": 1\n  }\n}\n")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":1 , \"b\":[{}, 2 ]  }")]
    [InlineData("{\n\n    \"permissions\": { \"allow\": [\"Bash\"] }\n}")]
    [InlineData("{\"hoo\\u006bs\": {\"St\\u006fp\": [ 1, \"\\ud800\" ]}, \"\\ud800\": \"é\"}")]
    public void Uninstall_after_install_gives_back_the_text(string text)
    {
        var installed = ClaudeCodeSettings.Install(text, Program);
        using var json = JsonDocument.Parse(installed.TrimStart('\uFEFF'));
        Assert.Equal(10, ClaudeCodeSettings.InstalledEvents(installed).Count);
        Assert.Equal(installed, ClaudeCodeSettings.Install(installed, Program));
        Assert.Equal(text, ClaudeCodeSettings.Uninstall(installed));
    }

    [Fact]
    public void Uninstall_after_install_gives_back_any_document()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var text = new RandomSettings(seed).Next();
            var installed = ClaudeCodeSettings.Install(text, Program);
            var moved = ClaudeCodeSettings.Install(installed, "/usr/bin/skep");
            Assert.True(text == ClaudeCodeSettings.Uninstall(installed), $"seed {seed}: {text}");
            Assert.True(text == ClaudeCodeSettings.Uninstall(moved), $"seed {seed}, moved: {text}");
            Assert.True(installed == ClaudeCodeSettings.Install(installed, Program), $"seed {seed}, twice: {text}");
            Assert.True(text == ClaudeCodeSettings.Uninstall(text), $"seed {seed}, never installed: {text}");
        }
    }

    [Fact]
    public void Everything_of_the_users_is_still_there_after_install()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var text = new RandomSettings(seed).Next();
            var rest = 0;
            foreach (var letter in ClaudeCodeSettings.Install(text, Program))
                if (rest < text.Length && letter == text[rest]) rest++;
            Assert.True(rest == text.Length, $"seed {seed}: {text}");
        }
    }

    [Fact]
    public void Another_program_takes_the_place_of_the_first()
    {
        var text = ClaudeCodeSettings.Install(ClaudeCodeSettings.Install("{}", Program), "/usr/bin/skep");
        Assert.Contains("/usr/bin/skep hooks claude-code", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Program, text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_user_moved_or_added_is_found_and_kept()
    {
        const string Mixed = """{"hooks":{"PreToolUse":[{"matcher":"Write","hooks":[{"type":"command","command":"'/a b/skep' hooks claude-code"},{"type":"command","command":"mine"},{"command":"skep hooks claude-code","timeout":5}]}],"Stop":[{"hooks":[{"command":"skep.exe hooks claude-code"}]},{"hooks":[]}]}}""";
        Assert.Equal("""{"hooks":{"PreToolUse":[{"matcher":"Write","hooks":[{"type":"command","command":"mine"}]}],"Stop":[{"hooks":[]}]}}""", ClaudeCodeSettings.Uninstall(Mixed));
        Assert.Equal(["PreToolUse", "Stop"], ClaudeCodeSettings.InstalledEvents(Mixed));
    }

    [Theory]
    [InlineData("say skep hooks")]
    [InlineData("notskep hooks claude-code")]
    [InlineData("skep hooks claude-code; rm -r x")]
    [InlineData("skep hooks post-edit")]
    public void Commands_of_others_are_left_alone(string command)
    {
        var text = "{\"hooks\":{\"Stop\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"" + command + "\"}]}]}}";
        Assert.Empty(ClaudeCodeSettings.InstalledEvents(text));
        Assert.Equal(text, ClaudeCodeSettings.Uninstall(text));
    }

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("{", "not strict JSON at line 1")]
    [InlineData("{\n// mine\n}", "not strict JSON at line 2")]
    [InlineData("{\"a\":1,}", "not strict JSON")]
    [InlineData("{} x", "not strict JSON")]
    [InlineData("{\"hooks\":[]}", "\"hooks\" is no object")]
    [InlineData("{\"hooks\":null}", "\"hooks\" is no object")]
    [InlineData("{\"hooks\":{\"Stop\":{}}}", "\"hooks.Stop\" is no list")]
    [InlineData("{\"hooks\":{\"Stop\":[],\"Stop\":[]}}", "\"Stop\" twice")]
    [InlineData("{\"hooks\":{},\"hooks\":{}}", "\"hooks\" twice")]
    public void Settings_that_cannot_be_used_are_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<CodingCliFormatException>(() => ClaudeCodeSettings.Install(text, Program)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/opt/my tools/skepc", "'/opt/my tools/skepc' hooks claude-code")]
    [InlineData("/it's/skep", @"'/it'\''s/skep' hooks claude-code")]
    [InlineData(@"C:\Program Files\skep.exe", "'C:/Program Files/skep.exe' hooks claude-code")]
    public void A_program_in_an_unusual_place_is_quoted_and_known_again(string program, string command)
    {
        var text = ClaudeCodeSettings.Install("{}", program);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(command, json.RootElement.GetProperty("hooks").GetProperty("Stop")[0].GetProperty("hooks")[0].GetProperty("command").GetString());
        Assert.Equal("{}", ClaudeCodeSettings.Uninstall(text));
    }

    [Theory]
    [InlineData("/opt/bees")]
    [InlineData("/a\nb/skep")]
    public void A_program_that_would_not_be_known_again_is_refused(string program) =>
        Assert.Throws<CodingCliFormatException>(() => ClaudeCodeSettings.Install("{}", program));

    [Fact]
    public void Settings_that_turn_hooks_off_are_noticed()
    {
        Assert.True(ClaudeCodeSettings.HooksAreDisabled("{\"disableAllHooks\":true}"));
        Assert.False(ClaudeCodeSettings.HooksAreDisabled("{\"disableAllHooks\":false}"));
        Assert.False(ClaudeCodeSettings.HooksAreDisabled(""));
    }
}

/// <summary>Random settings in random layouts, some with hooks of the user's in every shape that is allowed.</summary>
internal sealed class RandomSettings(int seed)
{
    private readonly Random _random = new(seed);
    private static readonly string[] Spaces = ["", "", " ", "\n", "\n  ", "\r\n\t", "\n\n    ", " \n"];
    private static readonly string[] Scalars = ["1", "-2.5e3", "true", "null", "\"text\"", "\"é, ] } \\\" \\ud83d\\ude00\"", "\"\""];
    private static readonly string[] Events = ["Stop", "PreToolUse", "PostToolUse", "SessionEnd", "PreCompact"];

    public string Next()
    {
        var members = Enumerable.Range(0, _random.Next(4)).Select(index => ($"key{index}", Value(3))).ToList();
        if (_random.Next(3) > 0) members.Insert(_random.Next(members.Count + 1), ("hooks", Hooks()));
        return (_random.Next(8) == 0 ? "\uFEFF" : "") + Space() + Object(members) + Space();
    }

    private string Hooks() => Object(Events.Where(_ => _random.Next(2) == 0).Select(name => (name, Array(_random.Next(3), Group))));

    private string Group() => _random.Next(5) == 0 ? Value(2) : Object([("matcher", "\"Write\""), ("hooks", Array(_random.Next(3), () => Object([("type", "\"command\""), ("command", "\"mine\"")])))]);

    private string Value(int depth) => (depth == 0 ? 2 : _random.Next(4)) switch
    {
        0 => Object(Enumerable.Range(0, _random.Next(3)).Select(index => ($"k{index}", Value(depth - 1)))),
        1 => Array(_random.Next(3), () => Value(depth - 1)),
        _ => Scalars[_random.Next(Scalars.Length)],
    };

    private string Object(IEnumerable<(string Key, string Value)> members) =>
        Inside("{", [.. members.Select(member => $"\"{member.Key}\"{Space()}:{Space()}{member.Value}")], "}");

    private string Array(int count, Func<string> part) => Inside("[", [.. Enumerable.Range(0, count).Select(_ => part())], "]");

    private string Inside(string open, string[] parts, string close) =>
        open + string.Join(",", parts.Select(part => Space() + part + Space())) + (parts.Length == 0 ? Space() : "") + close;

    private string Space() => Spaces[_random.Next(Spaces.Length)];
}
