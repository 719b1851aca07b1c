using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>What a tool of a coding CLI does, as far as hooks care.</summary>
public enum CodingCliToolKind
{
    /// <summary>Anything else: reading, searching, tools of MCP servers.</summary>
    Other,
    /// <summary>Changes a file.</summary>
    Edit,
    /// <summary>Runs a shell command.</summary>
    Command,
    /// <summary>Starts a subagent with a task of its own.</summary>
    Task,
}

/// <summary>A use of a tool: its name, its input as it came, and typed views of what hooks ask for.</summary>
/// <param name="Name">The tool's name, such as <c>Write</c>.</param>
/// <param name="Kind">What kind of tool it is.</param>
/// <param name="Input">The input as JSON text; null when none was sent.</param>
public sealed record CodingCliTool(string Name, CodingCliToolKind Kind, string? Input)
{
    /// <summary>The file that the tool works on, as the CLI named it; null when the input names none.</summary>
    public string? FilePath { get; init; }

    /// <summary>The shell command of a <see cref="CodingCliToolKind.Command"/>.</summary>
    public string? Command { get; init; }

    /// <summary>What the use is for, in the agent's words.</summary>
    public string? Description { get; init; }

    /// <summary>The prompt of a <see cref="CodingCliToolKind.Task"/>.</summary>
    public string? Prompt { get; init; }

    /// <summary>The kind of subagent that a <see cref="CodingCliToolKind.Task"/> asks for.</summary>
    public string? AgentType { get; init; }

    /// <summary>The kind of a tool by its name. <c>MultiEdit</c> and <c>Task</c> are names of older versions.</summary>
    public static CodingCliToolKind KindOf(string name) => name switch
    {
        "Write" or "Edit" or "MultiEdit" or "NotebookEdit" => CodingCliToolKind.Edit,
        "Bash" or "PowerShell" => CodingCliToolKind.Command,
        "Task" or "Agent" => CodingCliToolKind.Task,
        _ => CodingCliToolKind.Other,
    };

    internal static CodingCliTool From(string name, JsonElement? input, PayloadFields fields) => new(name, KindOf(name), input?.GetRawText())
    {
        FilePath = fields.Path("file_path") ?? fields.Path("notebook_path"),
        Command = fields.Text("command"),
        Description = fields.Text("description"),
        Prompt = fields.Text("prompt"),
        AgentType = fields.Name("subagent_type"),
    };
}
