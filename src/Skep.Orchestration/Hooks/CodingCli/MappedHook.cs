using System.Globalization;

namespace Skep.Orchestration.Hooks;

/// <summary>A call of one of our hooks, as if someone had typed <c>skep hooks HOOK --ARGUMENT VALUE …</c>.</summary>
/// <param name="Hook">The hook's name; see <see cref="CodingCliHooks"/> for those that only a coding CLI calls.</param>
/// <param name="Arguments">Values by name, without the dashes. Absent values are not in it.</param>
public sealed record MappedHook(string Hook, IReadOnlyDictionary<string, string> Arguments);

/// <summary>Which of our hooks an event of a coding CLI calls.</summary>
public static class CodingCliHooks
{
    /// <summary>A prompt was sent.</summary>
    public const string Prompt = "prompt";
    /// <summary>The main agent wants to end its turn.</summary>
    public const string Stop = "stop";
    /// <summary>A subagent starts.</summary>
    public const string SubagentStart = "subagent-start";
    /// <summary>A subagent wants to end.</summary>
    public const string SubagentStop = "subagent-stop";
    /// <summary>A subagent was started in the background: its task is not done yet, its <see cref="SubagentStop"/> tells when.</summary>
    public const string TaskLaunched = "task-launched";
    /// <summary>The history is about to be compacted.</summary>
    public const string Compact = "compact";
    /// <summary>Any other event or tool, kept for the record.</summary>
    public const string Event = "event";

    /// <summary>The call that belongs to a payload. Every call carries the session, agent, folder and event, as far as the payload names them.</summary>
    public static MappedHook Map(CodingCliPayload payload)
    {
        var arguments = new Arguments()
            .Add("event", payload.EventName).Add("session-id", payload.SessionId).Add("agent-id", payload.AgentId)
            .Add("agent-type", payload.AgentType).Add("cwd", payload.WorkingDirectory).Add("permission-mode", payload.PermissionMode)
            .Add("tool", payload.Tool?.Name).Add("tool-use-id", payload.ToolUseId);
        return new MappedHook(NameOf(payload, arguments), arguments.Values);
    }

    private static string NameOf(CodingCliPayload payload, Arguments arguments)
    {
        switch (payload.Event)
        {
            case CodingCliEvent.SessionStart:
                arguments.Add("source", payload.Source).Add("transcript", payload.TranscriptPath);
                return payload.Source is "resume" or "compact" ? "session-restore" : "session-start";
            case CodingCliEvent.SessionEnd:
                arguments.Add("reason", payload.Reason);
                return "session-end";
            case CodingCliEvent.UserPromptSubmit:
                arguments.Add("prompt", payload.Prompt);
                return Prompt;
            case CodingCliEvent.PreToolUse:
                return BeforeTool(payload.Tool, payload, arguments);
            case CodingCliEvent.PostToolUse or CodingCliEvent.PostToolUseFailure:
                return AfterTool(payload.Tool, payload, arguments);
            case CodingCliEvent.Notification:
                arguments.Add("message", payload.Message).Add("level", payload.NotificationType);
                return "notify";
            case CodingCliEvent.Stop or CodingCliEvent.SubagentStop:
                arguments.Add("message", payload.LastMessage).Add("already-refused", payload.StopHookActive ? "true" : "false");
                return payload.Event == CodingCliEvent.Stop ? Stop : SubagentStop;
            case CodingCliEvent.SubagentStart:
                return SubagentStart;
            case CodingCliEvent.PreCompact:
                arguments.Add("trigger", payload.Trigger);
                return Compact;
            default:
                return Event;
        }
    }

    private static string BeforeTool(CodingCliTool? tool, CodingCliPayload payload, Arguments arguments)
    {
        Describe(tool, payload, arguments);
        return tool?.Kind switch
        {
            CodingCliToolKind.Edit => "pre-edit",
            CodingCliToolKind.Command => "pre-command",
            CodingCliToolKind.Task => "pre-task",
            _ => Event,
        };
    }

    private static string AfterTool(CodingCliTool? tool, CodingCliPayload payload, Arguments arguments)
    {
        var failed = payload.Event == CodingCliEvent.PostToolUseFailure;
        Describe(tool, payload, arguments);
        arguments.Add("success", failed ? "false" : "true").Add("error", payload.Error)
            .Add("duration", payload.DurationMs?.ToString(CultureInfo.InvariantCulture));
        switch (tool?.Kind)
        {
            case CodingCliToolKind.Edit:
                return "post-edit";
            case CodingCliToolKind.Command:
                arguments.Add("exit-code", failed ? ExitCodeIn(payload.Error) : "0");
                return "post-command";
            case CodingCliToolKind.Task:
                arguments.Add("status", payload.TaskStatus).Add("started-agent-id", payload.StartedAgentId);
                return payload.TaskStatus == "async_launched" ? TaskLaunched : "post-task";
            default:
                return Event;
        }
    }

    private static void Describe(CodingCliTool? tool, CodingCliPayload payload, Arguments arguments)
    {
        arguments.Add("description", tool?.Description);
        switch (tool?.Kind)
        {
            case CodingCliToolKind.Edit:
                arguments.Add("file", tool.FilePath).Add("operation", tool.Name == "Write" ? "write" : "edit");
                break;
            case CodingCliToolKind.Command:
                arguments.Add("command", tool.Command);
                break;
            case CodingCliToolKind.Task:
                arguments.Add("task-id", payload.ToolUseId).Add("prompt", tool.Prompt).Add("agent", tool.AgentType);
                break;
        }
    }

    // A command that fails is reported as the text "Exit code 3\n…".
    private static string? ExitCodeIn(string? error)
    {
        const string Start = "Exit code ";
        if (error is null || !error.StartsWith(Start, StringComparison.Ordinal)) return null;
        var digits = error.AsSpan(Start.Length);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        if (end >= 0) digits = digits[..end];
        return digits.Length is > 0 and <= 10 ? digits.ToString() : null;
    }

    private sealed class Arguments
    {
        public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

        public Arguments Add(string name, string? value)
        {
            if (value is not null) Values[name] = value;
            return this;
        }
    }
}
