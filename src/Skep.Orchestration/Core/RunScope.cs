using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Values that expressions of a node see: variables, outputs and states of other tasks, memory, the fan-out item, the run.</summary>
public sealed class RunScope(RunState state, NodeState? node) : IExpressionScope
{
    /// <inheritdoc />
    public PlanValue? Resolve(IReadOnlyList<string> path, out string? missing)
    {
        ArgumentNullException.ThrowIfNull(path);
        missing = null;
        var value = path[0] switch
        {
            "vars" => Var(path, ref missing),
            "tasks" => Task(path, ref missing),
            "memory" => Memory(path, ref missing),
            "item" => node?.Item is { } item ? Walk(item, path, 1, ref missing) : null,
            "env" => path.Count == 2 && state.Info?.Env.GetValueOrDefault(path[1]) is { } text ? PlanValue.Of(text) : null,
            "run" => Run(path),
            "plan" => PlanMember(path),
            _ => null,
        };
        if (value is null) missing ??= $"'{string.Join('.', path)}' has no value";
        return value;
    }

    private PlanValue? Var(IReadOnlyList<string> path, ref string? missing)
    {
        if (path.Count < 2) return null;
        if (state.Info is { } info && info.Vars.TryGetValue(path[1], out var given)) return Walk(PlanValue.Of(given), path, 2, ref missing);
        return state.Plan.Vars.TryGetValue(path[1], out var value) ? Walk(value, path, 2, ref missing) : null;
    }

    private PlanValue? Task(IReadOnlyList<string> path, ref string? missing)
    {
        if (path.Count < 3 || state.Find(path[1]) is not { } task) return null;
        if (path[2] == "status") return PlanValue.Of(task.Status.Name());
        if (path[2] != "outputs") return null;
        if (!task.Status.IsSettled())
        {
            missing = $"'{path[1]}' is {task.Status.Name()}: it has no outputs yet (name it in 'needs')";
            return null;
        }

        if (path.Count == 3) return PlanValue.Of(task.Outputs.ToDictionary(p => p.Key, p => PlanValue.Of(p.Value), StringComparer.Ordinal));
        return task.Items is { } items ? ItemOutputs(items, path[3]) : Output(task, path, ref missing);
    }

    private static PlanValue? Output(NodeState task, IReadOnlyList<string> path, ref string? missing)
    {
        if (task.Outputs.TryGetValue(path[3], out var value)) return Walk(PlanValue.Of(value), path, 4, ref missing);
        missing = task.Status == TaskStatus.Succeeded
            ? $"'{task.Key}' gave no output '{path[3]}' (it gave: {(task.Outputs.Count == 0 ? "none" : string.Join(", ", task.Outputs.Keys.Take(10)))})"
            : $"'{task.Key}' is {task.Status.Name()} and has no outputs";
        return null;
    }

    /// <summary>An output of a fan-out is the list of its items' outputs, null where an item gave none.</summary>
    private static PlanValue ItemOutputs(IReadOnlyList<NodeState> items, string name) =>
        PlanValue.Of([.. items.Select(i => i.Outputs.TryGetValue(name, out var v) ? PlanValue.Of(v) : PlanValue.Null)]);

    private PlanValue? Memory(IReadOnlyList<string> path, ref string? missing)
    {
        if (path.Count < 2) return null;
        if (state.Memory.TryGetValue(path[1], out var value) || state.Info?.Memory?.TryGetValue(path[1], out value) == true) return PlanValue.Of(value);
        missing = $"memory has no '{path[1]}': no task of this run has written it, and no run of this plan had before this one began; a task stores it by naming it in 'writes' and giving an output of that name";
        return null;
    }

    private PlanValue? Run(IReadOnlyList<string> path) => path.Count != 2 || state.Info is not { } info ? null : path[1] switch
    {
        "id" => PlanValue.Of(info.Run),
        "dir" => PlanValue.Of(Path.Combine(info.RunDirectory, RunPaths.Work)),
        "workspace" => PlanValue.Of(info.Workspace),
        _ => null,
    };

    private PlanValue? PlanMember(IReadOnlyList<string> path) => path.Count != 2 ? null : path[1] switch
    {
        "name" => PlanValue.Of(state.Plan.Name),
        "dir" => state.Info is { } info ? PlanValue.Of(info.PlanDirectory) : null,
        _ => null,
    };

    private static PlanValue? Walk(PlanValue value, IReadOnlyList<string> path, int from, ref string? missing)
    {
        for (var i = from; i < path.Count; i++)
        {
            var next = value.AsMap is { } map ? map.GetValueOrDefault(path[i])
                : value.AsList is { } list && int.TryParse(path[i], out var index) && index >= 0 && index < list.Count ? list[index]
                : null;
            if (next is null)
            {
                missing = $"'{string.Join('.', path)}' has no value: a {value.KindName} has no member '{path[i]}'";
                return null;
            }

            value = next;
        }

        return value;
    }
}

/// <summary>Names of folders within a run's own folder.</summary>
public static class RunPaths
{
    /// <summary>Scratch space shared by the tasks of a run.</summary>
    public const string Work = "work";

    /// <summary>Full logs of attempts.</summary>
    public const string Logs = "logs";
}
