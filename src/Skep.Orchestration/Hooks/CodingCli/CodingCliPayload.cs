using System.Text.Json;
using System.Text.Unicode;

namespace Skep.Orchestration.Hooks;

/// <summary>
/// What a coding CLI sends to a hook on standard input: one JSON object that names an event. The field names are those of Claude Code;
/// any other program that sends the same names is understood too. Fields that we do not know are kept, events that we do not know are
/// <see cref="CodingCliEvent.Other"/>.
/// </summary>
public sealed record CodingCliPayload
{
    /// <summary>The event's name as it was sent (<c>hook_event_name</c>).</summary>
    public required string EventName { get; init; }

    /// <summary>The event, as far as we know it.</summary>
    public required CodingCliEvent Event { get; init; }

    /// <summary>The session (<c>session_id</c>).</summary>
    public string? SessionId { get; init; }

    /// <summary>File with the session's conversation (<c>transcript_path</c>).</summary>
    public string? TranscriptPath { get; init; }

    /// <summary>Folder that the CLI works in at the moment (<c>cwd</c>).</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>How the CLI asks for permission (<c>permission_mode</c>), such as <c>acceptEdits</c>.</summary>
    public string? PermissionMode { get; init; }

    /// <summary>The subagent that this happens in (<c>agent_id</c>); null in the main conversation.</summary>
    public string? AgentId { get; init; }

    /// <summary>The kind of that subagent (<c>agent_type</c>).</summary>
    public string? AgentType { get; init; }

    /// <summary>The tool and its input, for events about tools.</summary>
    public CodingCliTool? Tool { get; init; }

    /// <summary>Joins what comes before a use of a tool with what comes after it (<c>tool_use_id</c>).</summary>
    public string? ToolUseId { get; init; }

    /// <summary>What the tool answered, as JSON text (<c>tool_response</c>).</summary>
    public string? ToolResponse { get; init; }

    /// <summary>State of a subagent's task in the tool's answer: <c>completed</c>, <c>async_launched</c>, ….</summary>
    public string? TaskStatus { get; init; }

    /// <summary>The subagent that a task started (<c>agentId</c> of the tool's answer).</summary>
    public string? StartedAgentId { get; init; }

    /// <summary>Why a tool failed (<c>error</c>).</summary>
    public string? Error { get; init; }

    /// <summary>How long the tool ran, in milliseconds (<c>duration_ms</c>).</summary>
    public long? DurationMs { get; init; }

    /// <summary>What was asked (<c>prompt</c>).</summary>
    public string? Prompt { get; init; }

    /// <summary>How a session started (<c>source</c>): <c>startup</c>, <c>resume</c>, <c>clear</c> or <c>compact</c>.</summary>
    public string? Source { get; init; }

    /// <summary>Why a session ended (<c>reason</c>).</summary>
    public string? Reason { get; init; }

    /// <summary>What set a compaction off (<c>trigger</c>): <c>manual</c> or <c>auto</c>.</summary>
    public string? Trigger { get; init; }

    /// <summary>What a notification says (<c>message</c>).</summary>
    public string? Message { get; init; }

    /// <summary>What a notification is about (<c>notification_type</c>).</summary>
    public string? NotificationType { get; init; }

    /// <summary>What the agent said last (<c>last_assistant_message</c>), when it wants to stop.</summary>
    public string? LastMessage { get; init; }

    /// <summary>Whether the agent only goes on because a hook refused its last stop (<c>stop_hook_active</c>): a second refusal may never end.</summary>
    public bool StopHookActive { get; init; }

    /// <summary>All fields that are not read above, as JSON texts by name.</summary>
    public required IReadOnlyDictionary<string, string> Unknown { get; init; }

    /// <summary>Reads a payload.</summary>
    /// <param name="json">Everything that stood on standard input, as UTF-8.</param>
    /// <param name="problem">What is wrong and how to fix it, when the result is null.</param>
    /// <param name="limits">The bounds; the default ones when null.</param>
    public static CodingCliPayload? Parse(ReadOnlySpan<byte> json, out string? problem, CodingCliLimits? limits = null)
    {
        try
        {
            problem = null;
            return Read(json, limits ?? CodingCliLimits.Default);
        }
        catch (CodingCliFormatException wrong)
        {
            problem = wrong.Message;
            return null;
        }
    }

    private static CodingCliPayload Read(ReadOnlySpan<byte> json, CodingCliLimits limits)
    {
        if (json.Length > limits.MaxPayloadBytes)
            throw new CodingCliFormatException($"the hook payload has {json.Length} bytes; at most {limits.MaxPayloadBytes} are read (MaxPayloadBytes)");
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        if (json.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new CodingCliFormatException("the hook payload is empty: send one JSON object on standard input, as Claude Code does");
        if (!Utf8.IsValid(json)) throw new CodingCliFormatException("the hook payload is not valid UTF-8: send JSON in UTF-8");
        using var document = ParseDocument(json, limits);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new CodingCliFormatException($"the hook payload is {PayloadFields.Describe(document.RootElement.ValueKind)}: send one JSON object");
        return From(new PayloadFields(document.RootElement, limits), limits);
    }

    private static JsonDocument ParseDocument(ReadOnlySpan<byte> json, CodingCliLimits limits)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
            var document = JsonDocument.ParseValue(ref reader);
            reader.Read(); // Throws when more follows the object.
            return document;
        }
        catch (JsonException wrong)
        {
            throw new CodingCliFormatException($"the hook payload is not JSON (line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}): send one JSON object of at most {limits.MaxDepth} levels on standard input", wrong);
        }
    }

    private static CodingCliPayload From(PayloadFields fields, CodingCliLimits limits)
    {
        var eventName = fields.Name("hook_event_name");
        if (string.IsNullOrEmpty(eventName))
            throw new CodingCliFormatException("the hook payload names no event: send \"hook_event_name\", such as \"PreToolUse\"");
        var toolName = fields.Name("tool_name");
        var input = fields.Object("tool_input");
        var response = fields.Any("tool_response");
        var answer = new PayloadFields(response is { ValueKind: JsonValueKind.Object } ? response : null, limits, "tool_response.");
        var isTask = toolName is not null && CodingCliTool.KindOf(toolName) == CodingCliToolKind.Task;
        return new CodingCliPayload
        {
            EventName = eventName,
            Event = EventOf(eventName),
            SessionId = fields.Name("session_id"),
            TranscriptPath = fields.Path("transcript_path"),
            WorkingDirectory = fields.Path("cwd"),
            PermissionMode = fields.Name("permission_mode"),
            AgentId = fields.Name("agent_id"),
            AgentType = fields.Name("agent_type"),
            Tool = toolName is null ? null : ToolFrom(toolName, input, limits),
            ToolUseId = fields.Name("tool_use_id"),
            ToolResponse = response?.GetRawText(),
            TaskStatus = isTask ? answer.Name("status") : null,
            StartedAgentId = isTask ? answer.Name("agentId") : null,
            Error = fields.Text("error"),
            DurationMs = fields.Whole("duration_ms"),
            Prompt = fields.Text("prompt"),
            Source = fields.Name("source"),
            Reason = fields.Text("reason"),
            Trigger = fields.Name("trigger"),
            Message = fields.Text("message"),
            NotificationType = fields.Name("notification_type"),
            LastMessage = fields.Text("last_assistant_message"),
            StopHookActive = fields.Flag("stop_hook_active"),
            Unknown = fields.Rest(),
        };
    }

    // Letters only: TryParse would also take numbers and lists of names.
    private static CodingCliEvent EventOf(string name) =>
        name.All(char.IsAsciiLetter) && Enum.TryParse<CodingCliEvent>(name, out var known) ? known : CodingCliEvent.Other;

    // The input of a tool that we do not know may use our field names for anything: it is kept, not read.
    private static CodingCliTool ToolFrom(string name, JsonElement? input, CodingCliLimits limits)
    {
        var view = CodingCliTool.KindOf(name) == CodingCliToolKind.Other ? null : input;
        return CodingCliTool.From(name, input, new PayloadFields(view, limits, "tool_input."));
    }
}
