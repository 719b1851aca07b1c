using Skep.Agents.Planning;
using Skep.Mcp.Arguments;
using Skep.Mcp.Tools.Swarms;
using Skep.Plans;

namespace Skep.Mcp.Tools.Goals;

/// <summary>What a call asks of a plan that a model is to write.</summary>
/// <param name="Options">As the planner takes it.</param>
/// <param name="Strategy">How the work is to be divided, or what kind it is.</param>
/// <param name="Priority">low, medium, high or critical.</param>
/// <param name="Model">The model that plans.</param>
/// <param name="SwarmId">The swarm whose agents do it, or null.</param>
internal sealed record GoalOrder(GoalOptions Options, string Strategy, string Priority, string Model, string? SwarmId)
{
    /// <summary>Most agents where neither the call nor a swarm says.</summary>
    private const int DefaultAgents = 6;

    /// <summary>Tasks that a plan may have where its agents are few.</summary>
    private const int DefaultTasks = 12;

    /// <summary>Arguments that only a plan has that a model writes.</summary>
    private static readonly string[] Own = ["mode", "budgetTokens", "budgetUsd"];

    /// <summary>
    /// Whether a model is to take the task apart: where the caller says so, asks for a kind of work, or has neither divided the task nor spawned agents between whom it could be divided.
    /// </summary>
    /// <exception cref="ToolFault">The arguments contradict each other.</exception>
    public static bool IsAskedFor(ToolArguments args, bool hasAgents)
    {
        var divided = args.Has("tasks");
        var kind = args.Text("strategy") is { } strategy && GoalStrategies.Names.Contains(strategy);
        var asked = args.Flag("decompose") ?? (kind || (!divided && !hasAgents));
        if (asked && divided) throw new ToolFault("'tasks' divide the task already: leave out 'tasks', or 'decompose' and the strategy that asks a model to divide it");
        if (!asked && kind) throw new ToolFault($"the strategy '{args.Text("strategy")}' is for a model that plans: leave out 'decompose: false', or give one of {string.Join(", ", GoalStrategies.ShapeNames)}");
        if (!asked && Own.FirstOrDefault(args.Has) is { } vain) throw new ToolFault($"'{vain}' is for plans that a model writes: add 'decompose': true, or leave it out");
        return asked;
    }

    /// <summary>Reads a call.</summary>
    public static GoalOrder Of(ToolArguments args, SwarmRecord? swarm, IReadOnlyList<AgentRecord> agents)
    {
        var strategy = args.Text("strategy") ?? GoalStrategies.Auto;
        var priority = args.Text("priority") ?? "medium";
        var options = new GoalOptions
        {
            Goal = args.Need("task"),
            Strategy = strategy,
            Topology = GoalModes.TopologyOf(args.Text("mode") ?? GoalModes.Centralized),
            Roster = [.. agents.Select(a => new GoalAgent(a.Id, RoleOf(a)))],
            Tier = TierOf(priority),
            MaxAgents = agents.Count > 0 ? agents.Count : args.Whole("maxAgents") ?? DefaultAgents,
            MaxTasks = Math.Max(DefaultTasks, 2 * agents.Count),
            Budget = BudgetOf(args),
        };
        return new GoalOrder(options, strategy, priority, args.Text("model") ?? Agents.ChatExecutor.DefaultModel, swarm?.Id);
    }

    private static string RoleOf(AgentRecord agent) => AgentType.Of(agent.Type).Role + (agent.Capabilities.Count == 0 ? "" : $"; can: {string.Join(", ", agent.Capabilities)}");

    /// <summary>Medium is what plans say themselves.</summary>
    private static Tier? TierOf(string priority) => priority switch
    {
        "critical" => Tier.Critical,
        "high" => Tier.Important,
        "low" => Tier.Nice,
        _ => null,
    };

    private static Budget BudgetOf(ToolArguments args)
    {
        var (tokens, usd) = (args.Whole("budgetTokens"), args.Number("budgetUsd"));
        return tokens is null && usd is null ? new GoalOptions { Goal = "" }.Budget : new Budget(tokens, usd, AtLimit: AtLimit.Fail);
    }
}
