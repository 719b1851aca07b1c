using System.Text;
using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Tests.Hooks;

public sealed class CodingCliPayloadTests
{
    public static TheoryData<string> Recorded => [.. Directory.GetFiles(CodingCliFixtures.Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Recorded))]
    public void Every_recorded_payload_parses_and_keeps_what_it_does_not_know(string file)
    {
        var payload = CodingCliFixtures.Read(file);

        Assert.Equal("/home/ann/project", payload.WorkingDirectory);
        Assert.Equal(36, payload.SessionId!.Length);
        Assert.StartsWith(payload.EventName, file, StringComparison.Ordinal);
        Assert.Equal(payload.EventName == "PostCompact" ? CodingCliEvent.Other : Enum.Parse<CodingCliEvent>(payload.EventName), payload.Event);
        Assert.Equal(!file.StartsWith("SessionStart-resume", StringComparison.Ordinal) && file != "SessionStart-startup.json", payload.Unknown.ContainsKey("prompt_id"));
        Assert.DoesNotContain("session_id", payload.Unknown.Keys);
    }

    [Theory, MemberData(nameof(Recorded))]
    public void Every_recorded_payload_maps_and_is_answered(string file)
    {
        var payload = CodingCliFixtures.Read(file);
        var call = CodingCliHooks.Map(payload);

        Assert.Equal(payload.SessionId, call.Arguments["session-id"]);
        Assert.Equal(new CodingCliAnswer("", "", 0), CodingCliAnswer.Write(payload, HookDecision.Allow));
        var refusal = CodingCliAnswer.Write(payload, HookDecision.Deny("because"));
        Assert.Contains("because", refusal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_use_of_a_tool_has_typed_views()
    {
        Assert.Equal("/home/ann/project/notes.md", CodingCliFixtures.Read("PreToolUse-Edit.json").Tool!.FilePath);
        Assert.Equal("/home/ann/project/cells.ipynb", CodingCliFixtures.Read("PreToolUse-NotebookEdit.json").Tool!.FilePath);
        Assert.Equal("echo hello", CodingCliFixtures.Read("PreToolUse-Bash.json").Tool!.Command);
        Assert.Equal("general-purpose", CodingCliFixtures.Read("PreToolUse-Agent.json").Tool!.AgentType);
        Assert.Null(CodingCliFixtures.Read("PreToolUse-Read.json").Tool!.FilePath);
        Assert.Contains("notes.md", CodingCliFixtures.Read("PreToolUse-Read.json").Tool!.Input, StringComparison.Ordinal);
        Assert.Equal("general-purpose", CodingCliFixtures.Read("PreToolUse-Write-in-agent.json").AgentType);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("[]", "is a list")]
    [InlineData("7", "is a number")]
    [InlineData("{", "not JSON")]
    [InlineData("{} {}", "not JSON")]
    [InlineData("{\"a\":1,}", "not JSON")]
    [InlineData("{}", "names no event")]
    [InlineData("{\"hook_event_name\":\"\"}", "names no event")]
    [InlineData("{\"hook_event_name\":5}", "'hook_event_name' is a number; send a text")]
    [InlineData("{\"hook_event_name\":\"Stop\",\"session_id\":{}}", "'session_id' is an object")]
    [InlineData("{\"hook_event_name\":\"Stop\",\"session_id\":\"a\\nb\"}", "control characters")]
    [InlineData("{\"hook_event_name\":\"Stop\",\"session_id\":\"\\ud800\"}", "surrogate")]
    [InlineData("{\"hook_event_name\":\"Stop\",\"stop_hook_active\":\"yes\"}", "true or false")]
    [InlineData("{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Write\",\"tool_input\":[]}", "'tool_input' is a list")]
    [InlineData("{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Write\",\"tool_input\":{\"file_path\":\"a\\u0000b\"}}", "'tool_input.file_path' holds a NUL")]
    public void A_payload_that_cannot_be_used_is_named_and_explained(string json, string expected)
    {
        Assert.Null(CodingCliPayload.Parse(Encoding.UTF8.GetBytes(json), out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        var answer = CodingCliAnswer.Problem(problem!);
        Assert.Equal((1, ""), (answer.ExitCode, answer.Output));
    }

    [Fact]
    public void Bounds_hold_and_are_named()
    {
        var limits = new CodingCliLimits(MaxPayloadBytes: 100, MaxNameChars: 4, MaxDepth: 3);
        Assert.Contains("MaxPayloadBytes", ProblemOf(new string(' ', 101), limits), StringComparison.Ordinal);
        Assert.Contains("at most 4 are read", ProblemOf("""{"hook_event_name":"Stops"}""", limits), StringComparison.Ordinal);
        Assert.Contains("at most 3 levels", ProblemOf("""{"hook_event_name":"Stop","a":[[[1]]]}""", limits), StringComparison.Ordinal);
        Assert.Contains("not valid UTF-8", ProblemOf([(byte)'"', 0xff, (byte)'"'], CodingCliLimits.Default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Elicitation")]
    [InlineData("Stop,PreCompact")]
    [InlineData("7")]
    [InlineData("stop")]
    public void An_unknown_event_is_kept_as_it_came(string name)
    {
        var payload = CodingCliFixtures.Parse($$"""{"hook_event_name":"{{name}}","session_id":"s","more":{"a":[1]},"none":null}""");
        Assert.Equal(CodingCliEvent.Other, payload.Event);
        Assert.Equal(("{\"a\":[1]}", "null"), (payload.Unknown["more"], payload.Unknown["none"]));
        Assert.Equal(("event", name), (CodingCliHooks.Map(payload).Hook, CodingCliHooks.Map(payload).Arguments["event"]));
    }

    [Fact]
    public void The_input_of_an_unknown_tool_is_kept_and_not_read()
    {
        var payload = CodingCliFixtures.Parse("""{"hook_event_name":"PreToolUse","tool_name":"mcp__db__run","tool_input":{"command":7,"file_path":{}}}""");
        Assert.Equal("{\"command\":7,\"file_path\":{}}", payload.Tool!.Input);
        Assert.Equal("event", CodingCliHooks.Map(payload).Hook);
    }

    [Fact]
    public void No_cut_or_changed_payload_throws()
    {
        var original = File.ReadAllBytes(Path.Combine(CodingCliFixtures.Folder, "PostToolUse-Write.json"));
        var random = new Random(7);
        var problems = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = original[..random.Next(original.Length + 1)];
            if (bytes.Length > 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (round % 2 == 0) (bytes = (byte[])original.Clone())[random.Next(bytes.Length)] = (byte)random.Next(256);
            var payload = CodingCliPayload.Parse(bytes, out var problem);
            Assert.Equal(payload is null, problem is not null);
            if (payload is null) problems++;
            else CodingCliAnswer.Write(payload, HookDecision.Deny(CodingCliHooks.Map(payload).Hook));
        }

        Assert.InRange(problems, 1_000, 1_999);
    }

    private static string ProblemOf(string json, CodingCliLimits limits) => ProblemOf(Encoding.UTF8.GetBytes(json), limits);

    private static string ProblemOf(byte[] json, CodingCliLimits limits)
    {
        Assert.Null(CodingCliPayload.Parse(json, out var problem, limits));
        return problem!;
    }
}

internal static class CodingCliFixtures
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "fixtures", "claude-code", "2.1.329");

    public static CodingCliPayload Read(string file) => Parse(File.ReadAllText(Path.Combine(Folder, file)));

    public static CodingCliPayload Parse(string json)
    {
        var payload = CodingCliPayload.Parse(Encoding.UTF8.GetBytes(json), out var problem);
        Assert.Null(problem);
        return payload!;
    }
}
