namespace Skep.Plans.Tests.Agents;

/// <summary>Agent files as coding CLIs and collections of agents keep them.</summary>
public class AgentFileTests
{
    [Fact]
    public void A_file_of_a_coding_cli_becomes_a_spec()
    {
        var file = Valid("""
            ---
            name: code-reviewer
            description: Expert reviewer. Use it when: code has changed, "always" # after an edit
            tools: Read, Grep, Glob, Bash(git diff:*), Bash(git log *), Edit
            model: inherit
            permissionMode: acceptEdits
            maxTurns: 7
            ---

            You review code.

            ---
            Be kind.
            """);
        Assert.Equal(("code-reviewer", ExecutorKinds.Chat), (file.Spec.Id, file.Spec.Executor));
        Assert.Equal("Expert reviewer. Use it when: code has changed, \"always\" # after an edit", file.Spec.Role);
        Assert.Equal(["read_file", "search_files", "list_files", "run_command", "edit_file"], file.Spec.Tools);
        Assert.Equal([new AllowedCommand(["git", "diff"]), new AllowedCommand(["git", "log"])], file.Spec.Commands);
        Assert.Equal((null, PermissionMode.AcceptEdits, 7), (file.Spec.Model, file.Spec.PermissionMode, file.Spec.Limits.Turns));
        Assert.Equal("You review code.\n\n---\nBe kind.", file.Spec.SystemPrompt);
        Assert.Empty(file.UnknownTools);
    }

    [Fact]
    public void A_file_of_a_collection_becomes_a_spec_and_says_what_it_ignores()
    {
        var result = AgentFileReader.Read("""
            ---
            name: coder
            type: developer
            color: "#FF6B35"
            description: Writes code
            capabilities:
              - code_generation
              - refactoring
            priority: high
            hooks:
              pre: |
                echo "start: $TASK"
            tools: [Read, WebFetch]
            ---
            # Coder
            """, "agents/coder.md");
        var spec = result.File!.Spec;
        Assert.Equal(("coder", "developer", "Writes code"), (spec.Id, spec.Kind, spec.Role));
        Assert.Equal(["code_generation", "refactoring"], spec.Capabilities);
        Assert.Equal(["read_file", "WebFetch"], spec.Tools);
        Assert.Equal(["WebFetch"], result.File.UnknownTools);
        Assert.Empty(spec.Hooks);
        Assert.Equal(
            ["agents/coder.md:4:8: warning[ignored-key]", "agents/coder.md:9:11: warning[ignored-key]", "agents/coder.md:11:3: warning[ignored-key]", "agents/coder.md:13:15: warning[unknown-tool]"],
            result.Diagnostics.Select(d => d.Format("plan.yaml").Split(": ")[..2]).Select(p => string.Join(": ", p)));
    }

    [Fact]
    public void Our_own_keys_are_read()
    {
        var spec = Valid("""
            ---
            name: researcher
            description: Finds sources
            kind: research
            version: "1.2"
            cognitive_pattern: divergent
            model: anthropic/large
            fallbacks: [anthropic/small]
            temperature: 0.3
            window: 8000
            tools: [read_file, run_command]
            commands: [rg]
            limits: { turns: 9 }
            budget: { tokens: 500 }
            promises: { recall: ">= 0.8" }
            memory: ["research/*"]
            ---
            You find sources.
            """).Spec;
        Assert.Equal(("research", new AgentVersion(1, 2), CognitivePattern.Divergent, "anthropic/large"), (spec.Kind, spec.Version, spec.CognitivePattern, spec.Model));
        Assert.Equal((0.3, 8000, 9, 500L), (spec.Temperature, spec.Window, spec.Limits.Turns, spec.Budget!.Tokens));
        Assert.Equal(("rg", "recall >= 0.8", "research/*", "anthropic/small"), (spec.Commands.Single().ToString(), spec.Promises.Single().ToString(), spec.MemoryScope.Single(), spec.Fallbacks.Single()));
    }

    [Fact]
    public void The_files_name_is_the_agents_name_unless_it_says_another() =>
        Assert.Equal("planner", AgentFileReader.Read("---\ndescription: d\ntools: Read\n---\nPlan.", "x/y/planner.md").File!.Spec.Id);

    [Fact]
    public void Line_ends_of_windows_and_a_byte_order_mark_do_no_harm()
    {
        var spec = Valid("\uFEFF---\r\nname: a\r\ndescription: Use: it\r\ntools: Read\r\n---\r\nOne\r\nTwo\r\n").Spec;
        Assert.Equal(("a", "Use: it", "One\nTwo"), (spec.Id, spec.Role, spec.SystemPrompt));
    }

    [Theory]
    [InlineData("", "x.md:1:1: error[empty]: the file is empty; begin with a line '---'")]
    [InlineData("You are an agent.", "x.md:1:1: error[bad-agent-file]: an agent file begins with a line '---'")]
    [InlineData("---\nname: a\n", "x.md:1:1: error[bad-agent-file]: the front matter that begins here is not closed")]
    [InlineData("---\nname: [\n---\nx", "x.md:3:1: error[syntax]: this is not valid")]
    [InlineData("---\n- a\n---\nx", "x.md:2:1: error[bad-value]: an agent file must be a mapping with keys such as name, description")]
    [InlineData("---\nname: my agent\n---\nx", "x.md:2:7: error[bad-id]: 'my agent' is no identifier")]
    [InlineData("---\nname: a\nexecutor: command\n---\nx", "x.md:3:11: error[bad-value]: 'command' is no value of 'executor'; allowed are chat, coding-cli")]
    [InlineData("---\nname: a\nsystem: y\n---\nx", "are the same; keep one of them")]
    [InlineData("---\nname: a\ncapabilites: [x]\n---\nx", "x.md:3:1: warning[ignored-key]: 'capabilites' is not known and has no effect; did you mean 'capabilities'?")]
    [InlineData("---\nname: a\ntools:\n---\nx", "x.md:3:1: warning[bad-value]: 'tools' has no value")]
    [InlineData("---\nname: a\n---\nx", "x.md:1:1: warning[no-tools]: the agent names no tools")]
    [InlineData("---\nname: a\ntools: Read\n---\n", "warning[nothing-to-do]: the agent has no system prompt")]
    [InlineData("---\nname: a\ntools: '*'\n---\nx", "'*' gives no tools")]
    [InlineData("---\nname: a\ntools: Bash(*)\n---\nx", "'(*)' allows nothing: name a program")]
    [InlineData("---\nname: a\ntools: Read(./src/**)\n---\nx", "the condition '(./src/**)' has no effect")]
    [InlineData("---\nname: a\nmodel: sonnet\n---\nx", "x.md:3:8: warning[no-provider]: 'sonnet' names no provider")]
    [InlineData("---\nname: a\npermissionMode: bypassPermissions\n---\nx", "an agent file cannot give itself 'bypass'")]
    [InlineData("---\nname: a\nhooks: [{ on: pre-task, run: rm }]\n---\nx", "scripts of agent files do not run")]
    [InlineData("---\n# nothing\n---\nx", "the front matter is empty")]
    public void What_is_wrong_is_explained_with_its_place(string text, string message) =>
        Assert.Contains(message, string.Join('\n', AgentFileReader.Read(text, "x.md").Diagnostics.Select(d => d.Format("plan.yaml"))), StringComparison.Ordinal);

    [Fact]
    public void A_file_cannot_make_itself_dangerous()
    {
        var spec = Valid("---\nname: a\ndescription: d\npermission_mode: bypass\nenv: { PATH: /tmp }\nhooks: [{ on: pre-task, run: rm }]\nprotocols: [coordination]\n---\nx").Spec;
        Assert.Equal(PermissionMode.Default, spec.PermissionMode);
        Assert.Empty(spec.Env);
        Assert.Empty(spec.Hooks);
        Assert.Empty(spec.Protocols);
        Assert.Empty(spec.Tools);
    }

    [Fact]
    public void A_tool_that_is_forbidden_is_not_given() =>
        Assert.Equal(["read_file"], Valid("---\nname: a\ntools: Read, Write, WebFetch\ndisallowedTools: Write, WebFetch\n---\nx").Spec.Tools);

    [Fact]
    public void A_file_that_is_too_long_is_refused() =>
        Assert.Contains("the agent file has 262,145 characters", AgentFileReader.Read(new string('x', AgentFileReader.MaxChars + 1), "x.md").Diagnostics.Single().Message, StringComparison.Ordinal);

    [Fact]
    public void The_published_table_of_tools_is_what_is_done() =>
        Assert.All(AgentTools.OfCodingClis, t => Assert.Equal(t.Value, AgentTools.Map(t.Key)));

    private static AgentFile Valid(string text)
    {
        var result = AgentFileReader.Read(text, "x.md");
        Assert.True(result.File is not null, string.Join('\n', result.Diagnostics.Select(d => d.Format("x.md"))));
        return result.File!;
    }
}
