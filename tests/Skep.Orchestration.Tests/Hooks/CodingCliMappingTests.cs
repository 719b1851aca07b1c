using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Tests.Hooks;

public sealed class CodingCliMappingTests
{
    [Theory]
    [InlineData("SessionStart-startup.json", "session-start")]
    [InlineData("SessionStart-resume.json", "session-restore")]
    [InlineData("SessionStart-compact.json", "session-restore")]
    [InlineData("SessionEnd.json", "session-end")]
    [InlineData("UserPromptSubmit.json", "prompt")]
    [InlineData("PreToolUse-Write.json", "pre-edit")]
    [InlineData("PreToolUse-NotebookEdit.json", "pre-edit")]
    [InlineData("PreToolUse-Bash.json", "pre-command")]
    [InlineData("PreToolUse-Agent.json", "pre-task")]
    [InlineData("PreToolUse-Read.json", "event")]
    [InlineData("PostToolUse-Edit.json", "post-edit")]
    [InlineData("PostToolUse-Bash.json", "post-command")]
    [InlineData("PostToolUseFailure-Bash.json", "post-command")]
    [InlineData("PostToolUse-Agent.json", "task-launched")]
    [InlineData("PostToolUse-Agent-2.json", "post-task")]
    [InlineData("Stop.json", "stop")]
    [InlineData("SubagentStart.json", "subagent-start")]
    [InlineData("SubagentStop.json", "subagent-stop")]
    [InlineData("PreCompact-manual.json", "compact")]
    [InlineData("PostCompact-manual.json", "event")]
    public void An_event_calls_the_hook_of_its_meaning(string file, string hook) =>
        Assert.Equal(hook, CodingCliHooks.Map(CodingCliFixtures.Read(file)).Hook);

    [Fact]
    public void An_edit_tells_file_operation_and_success()
    {
        var before = CodingCliHooks.Map(CodingCliFixtures.Read("PreToolUse-Write.json")).Arguments;
        var after = CodingCliHooks.Map(CodingCliFixtures.Read("PostToolUse-Edit.json")).Arguments;
        Assert.Equal(("/home/ann/project/notes.md", "write", false), (before["file"], before["operation"], before.ContainsKey("success")));
        Assert.Equal(("/home/ann/project/notes.md", "edit", "true"), (after["file"], after["operation"], after["success"]));
        Assert.False(before.ContainsKey("agent-id"));
    }

    [Fact]
    public void An_edit_in_a_subagent_tells_which()
    {
        var launched = CodingCliHooks.Map(CodingCliFixtures.Read("PostToolUse-Agent.json")).Arguments;
        var edit = CodingCliHooks.Map(CodingCliFixtures.Read("PreToolUse-Write-in-agent.json")).Arguments;
        var stop = CodingCliHooks.Map(CodingCliFixtures.Read("SubagentStop-2.json")).Arguments;
        Assert.Equal(launched["started-agent-id"], edit["agent-id"]);
        Assert.Equal(launched["started-agent-id"], stop["agent-id"]);
    }

    [Fact]
    public void A_command_that_failed_tells_its_exit_code()
    {
        var arguments = CodingCliHooks.Map(CodingCliFixtures.Read("PostToolUseFailure-Bash.json")).Arguments;
        Assert.Equal(("false", "3", "echo broken >&2; exit 3"), (arguments["success"], arguments["exit-code"], arguments["command"]));
        Assert.Equal("0", CodingCliHooks.Map(CodingCliFixtures.Read("PostToolUse-Bash.json")).Arguments["exit-code"]);
    }

    [Theory]
    [InlineData("Exit code ")]
    [InlineData("Exit code x")]
    [InlineData("Exit code 123456789012345")]
    [InlineData("Interrupted")]
    public void A_failure_without_an_exit_code_has_none(string error)
    {
        var payload = CodingCliFixtures.Read("PostToolUseFailure-Bash.json") with { Error = error };
        Assert.False(CodingCliHooks.Map(payload).Arguments.ContainsKey("exit-code"));
    }

    // Notifications need a terminal, so this one is written by hand after the public documentation.
    [Fact]
    public void A_notification_tells_its_message_and_kind()
    {
        var call = CodingCliHooks.Map(CodingCliFixtures.Parse("""{"hook_event_name":"Notification","session_id":"s","message":"May I?","notification_type":"permission_prompt"}"""));
        Assert.Equal(("notify", "May I?", "permission_prompt"), (call.Hook, call.Arguments["message"], call.Arguments["level"]));
    }
}
