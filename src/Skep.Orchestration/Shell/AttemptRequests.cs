using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Turns a node of a run into what an executor needs: expressions resolved, paths made absolute and kept inside their folders.</summary>
internal static class AttemptRequests
{
    private static readonly IReadOnlyDictionary<string, PlanValue> NoArguments = new Dictionary<string, PlanValue>();

    /// <exception cref="ExpressionException">An expression has no value, or a path leaves its folder.</exception>
    public static AttemptRequest Build(RunState state, NodeState node, string skepDirectory)
    {
        var scope = new RunScope(state, node);
        var info = state.Info!;
        var attempt = node.Current!;
        var agent = node.Gate is null ? state.Agent(attempt.Agent)! : AgentSpec.Implicit;
        var command = node.Task?.Run ?? node.Gate?.Run;
        string Fill(string template) => ExpressionEvaluator.Interpolate(template, scope);
        return new AttemptRequest
        {
            RunId = info.Run,
            TaskId = node.Key,
            Phase = state.Plan.Phases[node.Node.Phase].Id,
            Attempt = attempt.Number,
            AgentName = agent.Id,
            Agent = agent,
            Argv = command is null ? [] : [.. command.Argv.Select(Fill)],
            Script = command?.Script,
            Prompt = node.Task?.Prompt is { } prompt ? Fill(prompt) : null,
            Chat = agent.Executor is ExecutorKinds.Chat or ExecutorKinds.CodingCli && node.Task is { } chat ? Brief(state, node, chat, agent, Fill) : null,
            Merge = agent.Executor == ExecutorKinds.CodingCli ? Merge(state.Plan.Swarm.Merge, Fill) : null,
            Owns = agent.Executor == ExecutorKinds.CodingCli && node.Task is { Owns.Count: > 0 } owner ? [.. owner.Owns.Select(Fill)] : [],
            McpServers = state.Plan.McpServers,
            Tool = node.Task?.Tool,
            With = node.Task?.With is { Count: > 0 } with ? with.ToDictionary(p => p.Key, p => FillValue(p.Value, scope), StringComparer.Ordinal) : NoArguments,
            Item = node.Item,
            Env = Environment(state, node, agent, Fill),
            EnvAllow = state.Plan.Swarm.EnvAllow,
            Secrets = state.Plan.Swarm.Secrets,
            WorkingDirectory = WorkingDirectory(info, (node.Task?.Cwd ?? node.Gate?.Cwd) is { } cwd ? Fill(cwd) : null),
            Workspace = info.Workspace,
            RunDirectory = info.RunDirectory,
            SkepDirectory = skepDirectory,
            PlanDirectory = info.PlanDirectory,
            Produces = node.Task is { Produces.Count: > 0 } task ? [.. task.Produces.Select(Fill)] : [],
            Limits = agent.Limits with { Timeout = Timeouts.Of(state, node) },
            HeartbeatEvery = state.Plan.Swarm.Lease / 3,
        };
    }

    private static MergeSpec? Merge(MergeSpec? merge, Func<string, string> fill) =>
        merge?.Check is { } check ? merge with { Check = check with { Argv = [.. check.Argv.Select(fill)] } } : merge;

    private static ChatBrief Brief(RunState state, NodeState node, PlanTask task, AgentSpec agent, Func<string, string> fill) => new()
    {
        Plan = state.Plan.Name,
        Goal = state.Plan.Goal,
        Title = task.Title,
        Acceptance = [.. task.Acceptance.Select(fill)],
        OutputSchema = task.OutputSchema?.ToJson(),
        Pins = [.. task.Pins.Select(fill)],
        Context = [.. task.Context.Select(fill)],
        RunBudget = state.Plan.Swarm.Budget,
        PhaseBudget = state.Plan.Phases[node.Node.Phase].Budget,
        AgentBudget = agent.Budget,
        TaskBudget = task.Budget,
        Optimizer = state.Plan.Swarm.Optimizer,
    };

    private static IReadOnlyDictionary<string, string> Environment(RunState state, NodeState node, AgentSpec agent, Func<string, string> fill)
    {
        var own = node.Task?.Env ?? node.Gate!.Env;
        if (state.Plan.Swarm.Env.Count + agent.Env.Count + own.Count == 0) return NodeState.NoOutputs;
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in new[] { state.Plan.Swarm.Env, agent.Env, own })
            foreach (var (name, value) in source)
                env[name] = fill(value);
        return env;
    }

    private static PlanValue FillValue(PlanValue value, RunScope scope)
    {
        if (value.AsText is { } text) return PlanValue.Of(ExpressionEvaluator.Interpolate(text, scope));
        if (value.AsList is { } list) return PlanValue.Of([.. list.Select(v => FillValue(v, scope))]);
        if (value.AsMap is { } map) return PlanValue.Of(map.ToDictionary(p => p.Key, p => FillValue(p.Value, scope), StringComparer.Ordinal));
        return value;
    }

    private static string WorkingDirectory(RunStarted info, string? cwd)
    {
        if (string.IsNullOrEmpty(cwd)) return info.Workspace;
        var full = Path.GetFullPath(cwd, info.Workspace);
        if (IsInside(full, info.Workspace) || IsInside(full, info.RunDirectory) || IsInside(full, info.PlanDirectory)) return full;
        throw new ExpressionException($"'cwd: {cwd}' leaves the workspace {info.Workspace}; allowed are folders below it, below ${{run.dir}} and below ${{plan.dir}}");
    }

    private static bool IsInside(string path, string folder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return path == root || path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || root == "/";
    }
}
