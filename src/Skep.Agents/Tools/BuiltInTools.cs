using Skep.Agents.Tools;
using Skep.Orchestration;
using Skep.Orchestration.Coordination;
using Skep.Orchestration.Hooks;
using Skep.Orchestration.Processes;

namespace Skep.Agents;

/// <summary>Settings of <see cref="BuiltInTools"/>.</summary>
public sealed record BuiltInToolsOptions
{
    /// <summary>Commands that every agent with <c>run_command</c> may run, beside those that its spec names; see <see cref="CommandRule"/>. Default none.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>Name of an attempt's plan, whose memory (<c>plan/NAME/</c>) agents may read; default unknown, so that they may not.</summary>
    public Func<AttemptRequest, string?> PlanOf { get; init; } = static _ => null;

    /// <summary>Takes tasks that agents propose; null offers no such tool.</summary>
    public ITaskProposals? Proposals { get; init; }

    /// <summary>How programs are started and stopped: the host's environment, times.</summary>
    public CommandExecutorOptions Command { get; init; } = new();
}

/// <summary>
/// The tools that Skep brings along. An agent gets those that its spec names under <c>tools</c>, by name or by group: <c>files</c>, <c>files:read</c>,
/// <c>memory</c>, <c>messages</c>, <c>commands</c>. What <c>run_command</c> may run stands in the spec's <c>commands</c>, or there: <c>run_command(git status)</c>. There is no name for all of them.
/// </summary>
public sealed class BuiltInTools : IToolSource
{
    private const string RunCommand = "run_command";

    private static readonly string[] Reading = ["read_file", "list_files", "search_files"];

    private static readonly Dictionary<string, IReadOnlyList<string>> ByGroup = new(StringComparer.Ordinal)
    {
        ["files"] = [.. Reading, "write_file", "edit_file"],
        ["files:read"] = Reading,
        ["memory"] = ["memory_read", "memory_list", "memory_write"],
        ["messages"] = ["notify", "read_inbox"],
        ["commands"] = [RunCommand],
    };

    private readonly Dictionary<string, IAgentTool> _tools;
    private readonly IReadOnlyList<CommandRule> _commands;
    private readonly HooksFamily _hooks;
    private readonly CommandExecutorOptions _settings;
    private readonly TreeSampler _sampler;

    /// <summary>Makes the tools of a folder.</summary>
    /// <param name="ledger">Where edits, commands and messages are recorded, with the folder's memory; of a store that this process owns.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="FormatException">A command of the settings cannot be one.</exception>
    public BuiltInTools(HookLedger ledger, BuiltInToolsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        options ??= new BuiltInToolsOptions();
        (_hooks, _settings, _sampler) = (new HooksFamily(ledger), options.Command, new TreeSampler(options.Command.Time));
        _commands = [.. options.Commands.Select(CommandRule.Parse)];
        var (book, messages) = (new EditBook(ledger, _hooks), new MessagesFamily(ledger));
        List<IAgentTool> tools =
        [
            new ReadFileTool(), new ListFilesTool(), new SearchFilesTool(), new WriteFileTool(book), new EditFileTool(book),
            new MemoryReadTool(ledger, options.PlanOf), new MemoryListTool(ledger, options.PlanOf), new MemoryWriteTool(ledger, options.PlanOf),
            new NotifyTool(messages), new ReadInboxTool(messages),
        ];
        if (options.Proposals is { } proposals) tools.Add(new ProposeTasksTool(proposals));
        _tools = tools.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <summary>The names of groups, and what they stand for.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Groups => ByGroup;

    /// <summary>All names that a spec may use, groups included.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByGroup.Keys.Concat(ByGroup.Values.SelectMany(v => v)).Append("propose_tasks").Distinct(StringComparer.Ordinal)];

    /// <summary>What is wrong with an entry <c>run_command(…)</c> of a spec's tools, or null; null for every other entry.</summary>
    public static string? ProblemOf(string tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (CommandIn(tool) is not { } command) return null;
        try
        {
            CommandRule.Parse(command);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <inheritdoc />
    /// <exception cref="FormatException">The spec names a command that cannot be one.</exception>
    public Task<IReadOnlyList<IAgentTool>> ToolsAsync(ToolAgent agent, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var (wanted, commands) = (new List<string>(), new List<CommandRule>([.. _commands, .. agent.Attempt.Agent.Commands.Select(c => CommandRule.Parse(c.ToString()))]));
        foreach (var name in agent.Attempt.Agent.Tools)
        {
            if (CommandIn(name) is { } command) commands.Add(CommandRule.Parse(command));
            wanted.AddRange(CommandIn(name) is not null ? [RunCommand] : ByGroup.GetValueOrDefault(name) ?? [name]);
        }

        var tools = new List<IAgentTool>();
        foreach (var name in wanted.Distinct(StringComparer.Ordinal))
        {
            if (_tools.TryGetValue(name, out var tool)) tools.Add(tool);
            else if (name == RunCommand && commands.Count > 0) tools.Add(new RunCommandTool(commands, _hooks, _settings, _sampler));
        }

        return Task.FromResult<IReadOnlyList<IAgentTool>>(tools);
    }

    private static string? CommandIn(string tool) => tool.StartsWith(RunCommand + "(", StringComparison.Ordinal) && tool.EndsWith(')') ? tool[(RunCommand.Length + 1)..^1] : null;
}
