namespace Skep.Orchestration.Hooks;

/// <summary>The events of a coding CLI that mean something to us; the names are those of Claude Code.</summary>
public enum CodingCliEvent
{
    /// <summary>An event that we do not know: it is kept as it came.</summary>
    Other,
    /// <summary>A session starts, is resumed, or goes on after its history was compacted.</summary>
    SessionStart,
    /// <summary>A session ends.</summary>
    SessionEnd,
    /// <summary>A person, or the CLI on their behalf, sent a prompt.</summary>
    UserPromptSubmit,
    /// <summary>A tool is about to be used; this can be refused.</summary>
    PreToolUse,
    /// <summary>A tool was used with success.</summary>
    PostToolUse,
    /// <summary>A tool was used and failed.</summary>
    PostToolUseFailure,
    /// <summary>The CLI wants someone's attention.</summary>
    Notification,
    /// <summary>The main agent wants to end its turn.</summary>
    Stop,
    /// <summary>A subagent starts.</summary>
    SubagentStart,
    /// <summary>A subagent wants to end.</summary>
    SubagentStop,
    /// <summary>The history is about to be compacted.</summary>
    PreCompact,
}
