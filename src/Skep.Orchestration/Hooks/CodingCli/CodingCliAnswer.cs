using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>
/// What a hook's process prints and how it exits, so that Claude Code understands it. A refusal is said three times over: as JSON on
/// standard output, as text on standard error, and by exit code 2. Claude Code 2.1.329 reads the JSON; the exit code and
/// standard error are for versions and CLIs that do not. What cannot be refused at an event becomes a message to the person.
/// </summary>
/// <param name="Output">For standard output: a JSON object, or nothing.</param>
/// <param name="Error">For standard error: the reason of a refusal or a problem, or nothing.</param>
/// <param name="ExitCode">0 go on; 1 the hook itself has a problem, which blocks nothing; 2 refused.</param>
public sealed record CodingCliAnswer(string Output, string Error, int ExitCode)
{
    /// <summary>Longest reason, in characters; the rest is cut.</summary>
    public const int MaxReasonChars = 2_000;

    /// <summary>Longest context or message, in characters; the rest is cut. Claude Code shows an agent only the first 2 kB of what has more than about 10,000.</summary>
    public const int MaxContextChars = 8_000;

    /// <summary>Exit code of a refusal.</summary>
    public const int Refused = 2;

    /// <summary>Exit code of a hook that could not do its work: reported to the person, and blocks nothing.</summary>
    public const int Failed = 1;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer of a hook that has a problem of its own, such as a payload that cannot be read.</summary>
    public static CodingCliAnswer Problem(string problem) => new("", $"skep: {problem}\n", Failed);

    /// <summary>Puts a decision into the format that fits the event.</summary>
    public static CodingCliAnswer Write(CodingCliPayload payload, HookDecision decision)
    {
        var answer = Fit(payload, decision);
        var refused = answer.Verdict == HookVerdict.Deny;
        return new CodingCliAnswer(ToJson(payload, answer), refused ? answer.Reason + "\n" : "", refused ? Refused : 0);
    }

    /// <summary>What of a decision can be said at an event; the rest becomes a message to the person.</summary>
    private static HookDecision Fit(CodingCliPayload payload, HookDecision decision)
    {
        var verdict = decision.Verdict;
        var reason = verdict == HookVerdict.Allow ? null : Cut(decision.Reason ?? "A hook refused this and gave no reason.", MaxReasonChars);
        var context = decision.AdditionalContext;
        var message = decision.SystemMessage;
        if (verdict == HookVerdict.Ask && payload.Event != CodingCliEvent.PreToolUse || verdict == HookVerdict.Deny && !CanRefuse(payload))
            (verdict, message, reason) = (HookVerdict.Allow, Join(message, reason), null);
        if (!TakesContext(payload.Event)) (context, message) = (null, Join(message, context));
        return new HookDecision(verdict, reason, Cut(context, MaxContextChars), Cut(message, MaxContextChars));
    }

    // An agent whose stop is refused goes on; refusing again, before a person has said anything, might never end.
    private static bool CanRefuse(CodingCliPayload payload) => payload.Event switch
    {
        CodingCliEvent.PreToolUse or CodingCliEvent.PostToolUse or CodingCliEvent.UserPromptSubmit or CodingCliEvent.Other => true,
        CodingCliEvent.Stop or CodingCliEvent.SubagentStop => !payload.StopHookActive,
        _ => false,
    };

    // Context at a stop would make the agent go on, which is no context but a refusal: it is not among these.
    private static bool TakesContext(CodingCliEvent happened) => happened is
        CodingCliEvent.SessionStart or CodingCliEvent.UserPromptSubmit or CodingCliEvent.SubagentStart or
        CodingCliEvent.PreToolUse or CodingCliEvent.PostToolUse or CodingCliEvent.PostToolUseFailure;

    private static string ToJson(CodingCliPayload payload, HookDecision answer)
    {
        var isPermission = payload.Event == CodingCliEvent.PreToolUse && answer.Verdict != HookVerdict.Allow;
        var isBlock = answer.Verdict == HookVerdict.Deny && !isPermission;
        if (!isPermission && !isBlock && answer.AdditionalContext is null && answer.SystemMessage is null) return "";

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            if (isBlock)
            {
                json.WriteString("decision", "block");
                json.WriteString("reason", answer.Reason);
            }

            if (answer.SystemMessage is not null) json.WriteString("systemMessage", answer.SystemMessage);
            if (isPermission || answer.AdditionalContext is not null) WriteSpecific(json, payload, answer, isPermission);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static void WriteSpecific(Utf8JsonWriter json, CodingCliPayload payload, HookDecision answer, bool isPermission)
    {
        json.WriteStartObject("hookSpecificOutput");
        json.WriteString("hookEventName", payload.EventName);
        if (isPermission)
        {
            json.WriteString("permissionDecision", answer.Verdict == HookVerdict.Ask ? "ask" : "deny");
            json.WriteString("permissionDecisionReason", answer.Reason);
        }

        if (answer.AdditionalContext is not null) json.WriteString("additionalContext", answer.AdditionalContext);
        json.WriteEndObject();
    }

    private static string? Join(string? first, string? second) =>
        string.IsNullOrEmpty(first) ? second : string.IsNullOrEmpty(second) ? first : first + "\n" + second;

    private static string? Cut(string? text, int most)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length <= most) return text;
        const string Mark = " … (cut)";
        var end = most - Mark.Length;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return string.Concat(text.AsSpan(0, end), Mark);
    }
}
