using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>How much of a run was passed over because it is only planned.</summary>
/// <param name="Tasks">Tasks (items of fan-outs one by one) that are only planned.</param>
/// <param name="Needing">Tasks that need what is only planned.</param>
/// <param name="AllTasks">Tasks in all.</param>
/// <param name="Gates">Gates that were not checked for either reason.</param>
/// <param name="AllGates">Gates in all.</param>
/// <param name="Nothing">Whether nothing at all was carried out.</param>
public sealed record PlannedWork(int Tasks, int Needing, int AllTasks, int Gates, int AllGates, bool Nothing)
{
    /// <summary>Why a planned task or gate is passed over.</summary>
    public const string NotThere = "planned: what it names does not exist yet";

    /// <summary>Whether anything was passed over.</summary>
    public bool Any => Tasks + Needing + Gates > 0;

    /// <summary>In words, or null when there is nothing to say.</summary>
    public string? Reason => !Any ? null : Nothing ? $"nothing was carried out: {Counts}" : $"{Counts} and {(Tasks + Needing + Gates == 1 ? "was" : "were")} not carried out";

    private string Counts
    {
        get
        {
            var parts = new List<string>();
            if (Tasks > 0) parts.Add($"{Tasks} of {AllTasks} tasks {(Tasks == 1 ? "is" : "are")} only planned");
            if (Needing > 0) parts.Add($"{Needing} {(Tasks > 0 ? "more " : "")}{(Needing == 1 ? "task needs" : "tasks need")} what is only planned");
            if (Gates > 0) parts.Add($"{Gates} of {AllGates} gates {(Gates == 1 ? "depends" : "depend")} on what is only planned");
            return string.Join(", ", parts);
        }
    }

    /// <summary>Counts what a run has passed over so far.</summary>
    public static PlannedWork Of(RunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int planned = 0, needing = 0, tasks = 0, gates = 0, allGates = 0;
        var nothing = true;
        foreach (var node in state.WorkNodes)
        {
            var passed = node is { Status: TaskStatus.Skipped, SkipCause: SkipCause.Planned };
            nothing &= node.Attempts.Count == 0;
            if (node.Gate is not null) (allGates, gates) = (allGates + 1, gates + (passed ? 1 : 0));
            else (tasks, planned, needing) = (tasks + 1, planned + (passed && node.Node.IsPlanned ? 1 : 0), needing + (passed && !node.Node.IsPlanned ? 1 : 0));
        }

        return new PlannedWork(planned, needing, tasks, gates, allGates, nothing);
    }

    /// <summary>What a plan says up front: <c>12 of 40 tasks are only planned</c>; null when nothing is.</summary>
    public static string? InPlan(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var parts = new List<string>();
        void Count(IEnumerable<bool> planned, string noun)
        {
            var all = planned.ToList();
            if (all.Count(p => p) is var n and > 0) parts.Add($"{n} of {all.Count} {noun}{(all.Count == 1 ? "" : "s")}");
        }

        Count(plan.Tasks.Select(t => t.Planned), "task");
        Count(plan.Gates.Select(g => g.Planned), "gate");
        Count(plan.AllHooks.Select(h => h.Planned), "hook");
        return parts.Count == 0 ? null : $"{string.Join(", ", parts)} {(parts is [var only] && only.StartsWith("1 ", StringComparison.Ordinal) ? "is" : "are")} only planned: a run passes over them";
    }

    /// <summary>A gate without needs of its own judges what its phase has done; what is only planned is reported, not judged.</summary>
    internal static bool JudgesWhatRan(NodeState node) => node.Gate is { Needs.Count: 0 };

    /// <summary>Why a node whose needs are settled does not run though nothing failed, or null.</summary>
    internal static string? WhyPassedOver(RunState state, NodeState node)
    {
        if (node.Node.IsPlanned) return NotThere;
        if (node.Blocked is { On: not NeedOn.Failure } blocked) return IsPassedOver(state.Find(blocked.Key)) ? $"needs {blocked.Key}, which is only planned" : null;
        return node.Blocked is null && JudgesWhatRan(node) && AllPassedOver(Needs(state, node).Where(n => n.Task is not null)) ? "all that it would check is only planned" : null;
    }

    /// <summary>Why a phase in which nothing went wrong did nothing, or null: all that it holds is only planned.</summary>
    internal static string? WhyPhasePassedOver(RunState state, NodeState end) =>
        AllPassedOver(Needs(state, end).Where(n => n.Node.Kind is NodeKind.Task or NodeKind.Gate)) ? "all that it holds is only planned" : null;

    /// <summary>A phase that is skipped as a whole counts as its start does; one that had begun was skipped because of what it holds.</summary>
    internal static SkipCause CauseOfPhase(RunState state, NodeState end) =>
        state.Phase(end.Node.Phase, end: false) is { Status: TaskStatus.Skipped, SkipCause: not SkipCause.Planned } ? SkipCause.Upstream : SkipCause.Planned;

    private static IEnumerable<NodeState> Needs(RunState state, NodeState node) => node.Node.Needs.Select(e => state.Of(e));

    private static bool IsPassedOver(NodeState? node) => node is { Status: TaskStatus.Skipped, SkipCause: SkipCause.Planned };

    private static bool AllPassedOver(IEnumerable<NodeState> nodes)
    {
        var any = false;
        foreach (var node in nodes)
        {
            if (!IsPassedOver(node)) return false;
            any = true;
        }

        return any;
    }
}
