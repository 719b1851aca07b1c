using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>One hook as it stands in Claude Code's settings.</summary>
/// <param name="Event">The event that calls it.</param>
/// <param name="Matcher">The tools that it is for, separated by bars; null for all.</param>
/// <param name="Command">The shell command.</param>
/// <param name="TimeoutSeconds">When it is given up, in seconds; null for the CLI's own default.</param>
internal sealed record ClaudeCodeHook(string Event, string? Matcher, string Command, string? TimeoutSeconds);

/// <summary>The hooks that we install, and how to know them again.</summary>
internal static class ClaudeCodeHooks
{
    public const string Arguments = "hooks claude-code";

    /// <summary>Named for every event: at the end of a session the CLI's own default is too short for a slow disk.</summary>
    public const string TimeoutSeconds = "60";

    // MultiEdit and Task are what older versions call Edit and Agent.
    private const string Tools = "Write|Edit|MultiEdit|NotebookEdit|Bash|PowerShell|Task|Agent";

    private static readonly (string Event, string? Matcher)[] Wired =
    [
        ("SessionStart", null), ("UserPromptSubmit", null),
        ("PreToolUse", Tools), ("PostToolUse", Tools), ("PostToolUseFailure", Tools),
        ("Notification", null), ("SubagentStart", null), ("SubagentStop", null), ("Stop", null), ("SessionEnd", null),
    ];

    public static List<ClaudeCodeHook> For(string command) =>
        [.. Wired.Select(wired => new ClaudeCodeHook(wired.Event, wired.Matcher, command, TimeoutSeconds))];

    /// <summary>The shell command that calls a program, quoted where the shell needs it.</summary>
    /// <exception cref="CodingCliFormatException">The program would not be known again, or cannot stand in a command.</exception>
    public static string CommandOf(string program)
    {
        if (program.AsSpan().ContainsAnyInRange('\0', '\x1f'))
            throw new CodingCliFormatException("the program's path holds control characters: install skep at a plain path");
        // Hooks run in a POSIX shell also on Windows, where a backslash would escape.
        var path = program is [_, ':', '\\', ..] ? program.Replace('\\', '/') : program;
        var command = (path.All(IsPlain) ? path : "'" + path.Replace("'", @"'\''", StringComparison.Ordinal) + "'") + " " + Arguments;
        return IsOurs(command) ? command
            : throw new CodingCliFormatException($"'{program}' is not called skep or skepc: name the program under one of these names, so that uninstall finds it again");
    }

    /// <summary>Whether a command calls skep, or its thin client, for Claude Code's hooks.</summary>
    public static bool IsOurs(string command)
    {
        var text = command.AsSpan().Trim();
        if (!text.EndsWith(" " + Arguments, StringComparison.Ordinal)) return false;
        var program = text[..^Arguments.Length].Trim().Trim("'\"");
        var name = program[(program.LastIndexOfAny('/', '\\') + 1)..];
        return name is "skep" or "skepc" or "skep.exe" or "skepc.exe";
    }

    /// <summary>Whether a part of an event's list holds our commands, and only these.</summary>
    public static bool IsOurGroup(JsonText group) =>
        group["hooks"]?.Value is { IsArray: true, Parts.Count: > 0 } hooks && hooks.Parts.TrueForAll(hook => IsOurHook(hook.Value));

    public static bool IsOurHook(JsonText hook) => hook["command"]?.Value is { Kind: JsonTokenType.String, Text: { } command } && IsOurs(command);

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+' or ':' or '@';
}

/// <summary>Writes our hooks as JSON in the style of the file that they go into.</summary>
internal sealed class ClaudeCodeHookWriter(string newLine, string unit)
{
    /// <summary>An event's whole list: <c>"Event": [ … ]</c>.</summary>
    public string Event(ClaudeCodeHook hook, string indent) =>
        $"\"{hook.Event}\": [{newLine}{indent}{unit}{Group(hook, indent + unit)}{newLine}{indent}]";

    /// <summary>All hooks: <c>"hooks": { … }</c>.</summary>
    public string All(IEnumerable<ClaudeCodeHook> hooks, string indent)
    {
        var line = newLine + indent + unit;
        return $"\"hooks\": {{{line}{string.Join("," + line, hooks.Select(hook => Event(hook, indent + unit)))}{newLine}{indent}}}";
    }

    /// <summary>A whole file.</summary>
    public string File(IEnumerable<ClaudeCodeHook> hooks) => $"{{{newLine}{unit}{All(hooks, unit)}{newLine}}}";

    /// <summary>One part of an event's list: <c>{ "matcher": …, "hooks": [ … ] }</c>.</summary>
    public string Group(ClaudeCodeHook hook, string indent)
    {
        var line = newLine + indent + unit;
        var matcher = hook.Matcher is null ? "" : $"\"matcher\": {Quote(hook.Matcher)},{line}";
        var entry = $"{{ \"type\": \"command\", \"command\": {Quote(hook.Command)}, \"timeout\": {hook.TimeoutSeconds} }}";
        return $"{{{line}{matcher}\"hooks\": [{line}{unit}{entry}{line}]{newLine}{indent}}}";
    }

    private static string Quote(string text) =>
        "\"" + JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";
}
