using System.Text.Json;
using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Tests.Hooks;

public sealed class CodingCliAnswerTests
{
    private const string Reason = "notes.md belongs to task \"b\" — wait";

    [Fact]
    public void A_refused_use_of_a_tool_is_said_as_json_text_and_exit_code()
    {
        var answer = Answer("PreToolUse-Write.json", HookDecision.Deny(Reason));
        Assert.Equal(
            """{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"notes.md belongs to task \"b\" — wait"}}""" + "\n",
            answer.Output);
        Assert.Equal((Reason + "\n", 2), (answer.Error, answer.ExitCode));
    }

    [Fact]
    public void A_use_of_a_tool_that_a_person_should_see_is_asked_for()
    {
        var answer = Answer("PreToolUse-Bash.json", HookDecision.Ask(Reason));
        Assert.Contains("\"permissionDecision\":\"ask\"", answer.Output, StringComparison.Ordinal);
        Assert.Equal(("", 0), (answer.Error, answer.ExitCode));
    }

    [Theory, MemberData(nameof(CodingCliPayloadTests.Recorded), MemberType = typeof(CodingCliPayloadTests))]
    public void Nothing_ever_widens_the_callers_own_permissions(string file)
    {
        foreach (var decision in new[] { HookDecision.Allow, HookDecision.WithContext("c"), HookDecision.Ask("a"), HookDecision.Deny("d"), new HookDecision(HookVerdict.Allow, "r", "c", "s") })
        {
            var output = Answer(file, decision).Output;
            Assert.DoesNotContain("\"allow\"", output, StringComparison.Ordinal);
            Assert.DoesNotContain("approve", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Stop.json")]
    [InlineData("SubagentStop.json")]
    [InlineData("UserPromptSubmit.json")]
    [InlineData("PostToolUse-Write.json")]
    [InlineData("PostCompact-manual.json")]
    public void Other_refusals_block(string file)
    {
        var answer = Answer(file, HookDecision.Deny("no"));
        Assert.Equal(("{\"decision\":\"block\",\"reason\":\"no\"}\n", "no\n", 2), (answer.Output, answer.Error, answer.ExitCode));
    }

    [Fact]
    public void A_stop_is_refused_once()
    {
        var again = CodingCliFixtures.Read("Stop.json") with { StopHookActive = true };
        Assert.Equal(new CodingCliAnswer("{\"systemMessage\":\"no\"}\n", "", 0), CodingCliAnswer.Write(again, HookDecision.Deny("no")));
    }

    [Theory]
    [InlineData("SessionStart-startup.json", "SessionStart")]
    [InlineData("SessionStart-compact.json", "SessionStart")]
    [InlineData("UserPromptSubmit.json", "UserPromptSubmit")]
    [InlineData("PreToolUse-Read.json", "PreToolUse")]
    [InlineData("PostToolUse-Bash.json", "PostToolUse")]
    [InlineData("PostToolUseFailure-Bash.json", "PostToolUseFailure")]
    [InlineData("SubagentStart.json", "SubagentStart")]
    public void Context_goes_to_the_agent_where_the_event_takes_it(string file, string name) =>
        Assert.Equal(
            "{\"hookSpecificOutput\":{\"hookEventName\":\"" + name + "\",\"additionalContext\":\"know this\"}}\n",
            Answer(file, HookDecision.WithContext("know this")).Output);

    [Theory]
    [InlineData("Stop.json")]
    [InlineData("SubagentStop.json")]
    [InlineData("SessionEnd.json")]
    [InlineData("PreCompact-manual.json")]
    [InlineData("PostCompact-manual.json")]
    public void Elsewhere_context_becomes_a_message_to_the_person(string file)
    {
        var decision = new HookDecision(HookVerdict.Allow, AdditionalContext: "context", SystemMessage: "message");
        Assert.Equal("{\"systemMessage\":\"message\\ncontext\"}\n", Answer(file, decision).Output);
    }

    [Fact]
    public void What_cannot_be_refused_is_told_to_the_person()
    {
        Assert.Equal(new CodingCliAnswer("{\"systemMessage\":\"no\"}\n", "", 0), Answer("SessionEnd.json", HookDecision.Deny("no")));
        Assert.Equal(new CodingCliAnswer("{\"systemMessage\":\"hm\"}\n", "", 0), Answer("UserPromptSubmit.json", HookDecision.Ask("hm")));
    }

    [Fact]
    public void A_refusal_without_a_reason_still_has_a_text() =>
        Assert.NotEqual("\n", Answer("PreToolUse-Write.json", new HookDecision(HookVerdict.Deny)).Error);

    [Fact]
    public void Long_texts_are_cut_between_characters()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 10_000));
        foreach (var shift in new[] { "", "a" })
        {
            using var json = JsonDocument.Parse(Answer("PreToolUse-Write.json", HookDecision.Deny(shift + text) with { AdditionalContext = shift + text }).Output);
            var answer = json.RootElement.GetProperty("hookSpecificOutput");
            var reason = answer.GetProperty("permissionDecisionReason").GetString()!;
            Assert.InRange(reason.Length, CodingCliAnswer.MaxReasonChars - 1, CodingCliAnswer.MaxReasonChars);
            Assert.InRange(answer.GetProperty("additionalContext").GetString()!.Length, CodingCliAnswer.MaxContextChars - 1, CodingCliAnswer.MaxContextChars);
            Assert.DoesNotContain('\uFFFD', reason);
        }
    }

    private static CodingCliAnswer Answer(string file, HookDecision decision) => CodingCliAnswer.Write(CodingCliFixtures.Read(file), decision);
}
