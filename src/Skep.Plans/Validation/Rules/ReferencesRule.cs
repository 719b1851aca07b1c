using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>
/// Names in expressions. What each part may use:
/// tasks and gates: <c>vars</c>, <c>tasks</c> that they wait for, <c>memory</c>, <c>run</c>, <c>plan</c>, <c>env</c>, and <c>item</c> in the
/// fields of a fan-out task that are filled per item; agents and the swarm: the same without <c>tasks</c> and <c>item</c>; hooks:
/// <c>vars</c>, <c>run</c>, <c>plan</c> and <c>env</c>. An <c>env.NAME</c> must be let in by <c>swarm.env_allow</c> and not be secret, because values
/// of expressions appear in logs and command lines.
/// </summary>
internal sealed class ReferencesRule : IPlanRule
{
    private static readonly string[] Roots = ["vars", "tasks", "memory", "item", "run", "plan", "env"];
    private static readonly string[] RunMembers = ["id", "dir", "workspace"];
    private static readonly string[] PlanMembers = ["dir", "name"];

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        foreach (var reference in context.Sources.References)
        {
            if (context.Bag.IsFull) return;
            Check(context, reference);
        }

        if (context.Search.Cycles.Count == 0 && context.Queries!.IsExhausted)
            context.Bag.Warning(DiagnosticCodes.CheckSkipped, default, "not every reference to another task's outputs was checked, because there are too many needs between them");
    }

    private static void Check(ValidationContext context, Reference reference)
    {
        switch (reference.Path[0])
        {
            case "vars": CheckVariable(context, reference); break;
            case "tasks": CheckTask(context, reference); break;
            case "item": CheckItem(context, reference); break;
            case "env": CheckEnvironment(context, reference); break;
            case "run": CheckMember(context, reference, RunMembers); break;
            case "plan": CheckMember(context, reference, PlanMembers); break;
            case "memory": CheckMemory(context, reference); break;
            default: Unknown(context, reference); break;
        }
    }

    private static void Unknown(ValidationContext context, Reference reference)
    {
        var name = reference.Path[0];
        var hint = Suggestion.For(name, Roots) is { } close ? $"did you mean '{close}'?" : $"names begin with {string.Join(", ", Roots)}; put texts into quotes";
        Error(context, reference, $"unknown name '{DiagnosticBag.OneLine(name)}'; {hint}");
    }

    private static void CheckVariable(ValidationContext context, Reference reference)
    {
        if (reference.Path.Count < 2) Error(context, reference, "'vars' needs the name of a variable: vars.NAME");
        else if (!context.Plan.Vars.ContainsKey(reference.Path[1]))
            Error(context, reference, $"unknown variable '{DiagnosticBag.OneLine(reference.Path[1])}'; {Suggestion.Hint(reference.Path[1], [.. context.Plan.Vars.Keys], "variables in this plan")}");
    }

    private static void CheckMemory(ValidationContext context, Reference reference)
    {
        if (reference.Owner.Kind == OwnerKind.Hook) Error(context, reference, "a hook cannot use 'memory'; read it in the command");
        else if (reference.Path.Count < 2) Error(context, reference, "'memory' needs a key: memory.NAMESPACE/KEY");
    }

    private static void CheckMember(ValidationContext context, Reference reference, string[] members)
    {
        var root = reference.Path[0];
        if (reference.Path.Count == 2 && members.Contains(reference.Path[1])) return;
        var known = string.Join(", ", members.Select(m => $"{root}.{m}"));
        Error(context, reference, reference.Path.Count < 2 ? $"'{root}' alone has no value; known are {known}" : $"unknown name '{DiagnosticBag.OneLine(string.Join('.', reference.Path))}'; known are {known}");
    }

    private static void CheckItem(ValidationContext context, Reference reference)
    {
        var task = reference.Owner.Kind == OwnerKind.Task ? context.Tasks[reference.Owner.Index] : null;
        if (task is null || (task.Foreach is null && task.ForeachItems is null && context.Sources.Tasks[reference.Owner.Index].Find("foreach") is null))
            Error(context, reference, "'item' has a value only in a task with 'foreach'");
        else if (reference.IsControl)
            Error(context, reference, "'item' is not known yet in 'foreach' and 'when', which are looked at once for the whole task");
    }

    private static void CheckEnvironment(ValidationContext context, Reference reference)
    {
        var swarm = context.Plan.Swarm;
        if (reference.Path.Count != 2) Error(context, reference, "'env' needs the name of an environment variable: env.NAME");
        else if (reference.Path[1] is var name && swarm.Secrets.Contains(name))
            Error(context, reference, $"'{name}' is secret and cannot be used in an expression; the process of the task finds it in its environment");
        else if (!swarm.EnvAllow.Any(a => a == name || (a.EndsWith('*') && name.StartsWith(a[..^1], StringComparison.Ordinal))))
            Error(context, reference, $"environment variable '{DiagnosticBag.OneLine(name)}' is not let in; add it to 'env_allow' of the swarm");
    }

    private static void CheckTask(ValidationContext context, Reference reference)
    {
        var path = reference.Path;
        if (reference.Owner.Kind is not (OwnerKind.Task or OwnerKind.Gate))
            Error(context, reference, "'tasks' can be used in tasks and gates only, where it is known what has run before");
        else if (path.Count < 2) Error(context, reference, "'tasks' needs the id of a task: tasks.ID.outputs.NAME or tasks.ID.status");
        else if (!context.TaskIndex.TryGetValue(path[1], out var task))
            Error(context, reference, $"unknown task '{DiagnosticBag.OneLine(path[1])}'; {Hint(context, path[1])}");
        else if (!IsOutput(path))
            Error(context, reference, $"a task has outputs and a status; write tasks.{path[1]}.outputs.NAME or tasks.{path[1]}.status");
        else if (reference.Owner == new Owner(OwnerKind.Task, task))
            Error(context, reference, $"task '{path[1]}' cannot use what it has yet to do");
        else CheckOrder(context, reference, task);
    }

    private static bool IsOutput(IReadOnlyList<string> path) =>
        path.Count >= 3 && ((path[2] == "status" && path.Count == 3) || (path[2] == "outputs" && path.Count >= 4));

    private static void CheckOrder(ValidationContext context, Reference reference, int task)
    {
        if (context.Queries is not { } order) return;
        var isTask = reference.Owner.Kind == OwnerKind.Task;
        var id = isTask ? context.Tasks[reference.Owner.Index].Id : context.Gates[reference.Owner.Index].Id;
        var phase = isTask ? context.Tasks[reference.Owner.Index].Phase : context.Gates[reference.Owner.Index].Phase;
        var node = isTask ? OrderGraph.Task(reference.Owner.Index) : context.Order.Gate(reference.Owner.Index);
        if (!context.PhaseIndex.TryGetValue(phase, out var phaseIndex) || order.IsAfter(node, phaseIndex, task)) return;
        var used = context.Tasks[task].Id;
        Error(context, reference, $"'{id}' uses '{string.Join('.', reference.Path)}' but does not wait for '{used}'; add '{used}' to its needs");
    }

    private static string Hint(ValidationContext context, string id) =>
        Suggestion.For(id, context.TaskIndex.Keys) is { } close ? $"did you mean '{close}'?"
        : context.PhaseIndex.ContainsKey(id) ? "it is a phase, and only tasks have outputs"
        : "name a task of this plan";

    private static void Error(ValidationContext context, Reference reference, string message) =>
        context.Bag.Error(DiagnosticCodes.BadReference, reference.At, message, string.Join('.', reference.Path));
}
