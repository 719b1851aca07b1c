using Skep.Plans;

namespace Skep.Agents.Planning;

/// <summary>
/// What a plan that a model wrote may contain, beyond being a valid plan: models and people at work, within bounds and a budget. What runs programs, reads the
/// environment or touches files outside of an agent's sandbox is the user's to write.
/// </summary>
internal static class GoalRules
{
    /// <summary>What is wrong with a plan, in words for the model.</summary>
    public static IReadOnlyList<string> Problems(Plan plan, GoalOptions options)
    {
        var problems = new List<string>();
        void Forbid(bool found, string what) { if (found) problems.Add(what); }
        Forbid(plan.Tasks.Count() > options.MaxTasks, $"the plan has {plan.Tasks.Count()} tasks; at most {options.MaxTasks} are allowed");
        Forbid(plan.Agents.Count > options.MaxAgents, $"the plan has {plan.Agents.Count} agents; at most {options.MaxAgents} are allowed");
        Forbid(plan.Tasks.Any(t => t.Planned) || plan.Gates.Any(g => g.Planned), "'planned' is not allowed: every task must be one that can be done");
        Forbid(!SameBudget(plan.Swarm.Budget, options.Budget), $"'swarm.budget' must be {Words(options.Budget)}");
        Forbid(plan.Swarm.Topology != options.Topology, $"'swarm.topology' must be {options.Topology.ToString().ToLowerInvariant()}");
        Forbid(plan.Swarm.EnvAllow.Count + plan.Swarm.Secrets.Count + plan.Swarm.Env.Count > 0 || plan.Tasks.Any(t => t.Env.Count > 0) || plan.Agents.Any(a => a.Env.Count > 0), "'env', 'env_allow' and 'secrets' are not allowed");
        Forbid(plan.AllHooks.Any(), "hooks are not allowed");
        Forbid(plan.McpServers.Count > 0 || plan.Agents.Any(a => a.Executor == ExecutorKinds.Mcp), "MCP servers are not allowed");
        Forbid(plan.Agents.Any(a => a.Executor is ExecutorKinds.CodingCli or ExecutorKinds.DotNet), "agents must have executor chat or human");
        Forbid(plan.Agents.Any(a => a.PermissionMode != PermissionMode.Default), "'permission_mode' is not allowed");
        if (plan.Swarm.Topology == options.Topology) problems.AddRange(GoalModes.Problems(plan, options.MaxTasks));
        Forbid(options.Roster.Count > 0 && plan.Agents.Any(a => options.Roster.All(r => r.Id != a.Id)), $"there are these agents and no others: {string.Join(", ", options.Roster.Select(r => r.Id))}");
        Forbid(options.Tier is { } tier && plan.Tasks.Any(t => t.Tier != tier), $"every task must have tier: {options.Tier?.ToString().ToLowerInvariant()}");
        if (options.AllowCommands) return problems;
        Forbid(plan.Tasks.Any(t => t.Run is not null || t.Agent is null) || plan.Agents.Any(a => a.Executor == ExecutorKinds.Command), "tasks that run commands are not allowed: every task needs an agent with executor chat or human, and a prompt");
        Forbid(plan.Gates.Any(g => g.Run is not null), "gates that run commands are not allowed");
        Forbid(plan.Agents.Any(a => a.Commands.Count > 0), "'commands' of agents are not allowed");
        return problems;
    }

    /// <summary>A budget as a plan writes it.</summary>
    public static string Words(Budget budget)
    {
        var parts = new List<string>();
        if (budget.Tokens is { } tokens) parts.Add($"tokens: {tokens}");
        if (budget.CostUsd is { } usd) parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cost_usd: {usd}"));
        return $"{{ {string.Join(", ", parts)}, at_limit: fail }}";
    }

    private static bool SameBudget(Budget written, Budget wanted) => written.Tokens == wanted.Tokens && written.CostUsd == wanted.CostUsd && written.AtLimit == AtLimit.Fail;
}
