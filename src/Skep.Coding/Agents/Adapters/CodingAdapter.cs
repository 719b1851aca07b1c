namespace Skep.Coding.Agents;

/// <summary>How a coding CLI is told its prompt.</summary>
public enum PromptForm
{
    /// <summary>On its standard input.</summary>
    Stdin,

    /// <summary>Where the arguments say <c>{prompt}</c>, or as the last argument.</summary>
    Argument,

    /// <summary>In a file, where the arguments say <c>{prompt_file}</c>.</summary>
    File,
}

/// <summary>What a coding CLI writes to its standard output.</summary>
public enum StreamForm
{
    /// <summary>One JSON event a line, as Claude Code's <c>stream-json</c>: what the agent says and does, and a result that decides.</summary>
    StreamJson,

    /// <summary>Plain text, all of which is the answer; the exit code decides.</summary>
    Text,
}

/// <summary>
/// How a coding CLI is driven. In arguments <c>{session}</c>, <c>{prompt}</c>, <c>{prompt_file}</c>, <c>{model}</c>, <c>{mode}</c>, <c>{tools}</c>,
/// <c>{turns}</c> and <c>{system}</c> are filled in; each argument stays one, whatever it is filled with.
/// </summary>
public sealed record CodingAdapter
{
    /// <summary>Its name, which <c>uses</c> of an agent says.</summary>
    public required string Name { get; init; }

    /// <summary>The program: a name on the PATH, or an absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>Variable of the host that names another program, such as <c>SKEP_CLAUDE</c>; null for none.</summary>
    public string? ProgramVariable { get; init; }

    /// <summary>How it is installed, for the message when it is missing.</summary>
    public string? Install { get; init; }

    /// <summary>Arguments of a new session.</summary>
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>Arguments that take a session up again; empty when the CLI cannot.</summary>
    public IReadOnlyList<string> Resume { get; init; } = [];

    /// <summary>Arguments that choose a model, used when the agent names one.</summary>
    public IReadOnlyList<string> Model { get; init; } = [];

    /// <summary>Arguments that say what may be done without asking.</summary>
    public IReadOnlyList<string> Permission { get; init; } = [];

    /// <summary>The CLI's words for Skep's permission modes (<c>plan</c>, <c>default</c>, <c>accept-edits</c>, <c>bypass</c>); a mode without one is passed as it is.</summary>
    public IReadOnlyDictionary<string, string> Modes { get; init; } = new Dictionary<string, string>();

    /// <summary>Arguments that allow tools, used when the agent lists some; <c>{tools}</c> is their names with commas.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Arguments that limit the turns, used when the agent's limits do.</summary>
    public IReadOnlyList<string> Turns { get; init; } = [];

    /// <summary>Arguments that add to the system prompt; without them it stands before the prompt.</summary>
    public IReadOnlyList<string> System { get; init; } = [];

    /// <summary>How the prompt is passed.</summary>
    public PromptForm Prompt { get; init; }

    /// <summary>What it writes.</summary>
    public StreamForm Stream { get; init; }

    /// <summary>Variables of the host that it needs (<c>*</c> at the end matches any rest).</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>Variables of the host that it needs and whose values are masked wherever they appear.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Claude Code, without a person (<c>claude -p</c>).</summary>
    public static CodingAdapter Claude { get; } = new()
    {
        Name = "claude",
        Program = "claude",
        ProgramVariable = "SKEP_CLAUDE",
        Install = "npm install -g @anthropic-ai/claude-code",
        Start = ["-p", "--output-format", "stream-json", "--verbose", "--session-id", "{session}"],
        Resume = ["-p", "--output-format", "stream-json", "--verbose", "--resume", "{session}"],
        Model = ["--model", "{model}"],
        Permission = ["--permission-mode", "{mode}"],
        // An agent works in a worktree of its own, so that it may edit there without asking, as every agent may in its sandbox.
        Modes = new Dictionary<string, string> { ["plan"] = "plan", ["default"] = "acceptEdits", ["accept-edits"] = "acceptEdits", ["bypass"] = "bypassPermissions" },
        Tools = ["--allowedTools", "{tools}"],
        Turns = ["--max-turns", "{turns}"],
        System = ["--append-system-prompt", "{system}"],
        Prompt = PromptForm.Stdin,
        Stream = StreamForm.StreamJson,
        Env =
        [
            "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL", "ANTHROPIC_SMALL_FAST_MODEL", "ANTHROPIC_DEFAULT_*", "CLAUDE_CONFIG_DIR", "CLAUDE_CODE_USE_*", "CLAUDE_CODE_DISABLE_*", "CLAUDE_CODE_MAX_*", "DISABLE_AUTOUPDATER", "DISABLE_TELEMETRY",
            "DISABLE_ERROR_REPORTING", "ENABLE_TOOL_SEARCH", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS",
        ],
        Secrets = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
    };

    /// <summary>Those that need no file.</summary>
    public static IReadOnlyList<CodingAdapter> BuiltIn { get; } = [Claude];
}
