using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// Environment variables of the host that a plan's expressions name (<c>${env.NAME}</c>). They are recorded when the run starts, so that a
/// resumed run sees the same values; only those that are named and let in by <c>env_allow</c>, because whatever is recorded stays on disk.
/// </summary>
internal static class HostValues
{
    public static IReadOnlyDictionary<string, string> For(Plan plan, IReadOnlyDictionary<string, string> host)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in MemberNames(plan, "env"))
        {
            if (!plan.Swarm.Secrets.Contains(name) && host.TryGetValue(name, out var value)) values[name] = value;
        }

        return values;
    }

    /// <summary>The members of a root, such as <c>env</c>, that a plan's expressions name.</summary>
    public static IEnumerable<string> MemberNames(Plan plan, string root) => Expressions(plan)
        .Concat(Templates(plan).SelectMany(ExpressionEvaluator.TemplateReferences))
        .Where(p => p.Count >= 2 && p[0] == root && (p.Count == 2 || root != "env")).Select(p => p[1]);

    private static IEnumerable<IReadOnlyList<string>> Expressions(Plan plan) =>
        plan.Tasks.SelectMany(t => new[] { t.When, t.Foreach }).OfType<PlanExpression>().SelectMany(ExpressionEvaluator.References);

    private static IEnumerable<string> Templates(Plan plan)
    {
        foreach (var value in plan.Swarm.Env.Values.Concat(plan.Agents.SelectMany(a => a.Env.Values))) yield return value;
        foreach (var text in plan.AllHooks.SelectMany(h => h.Run?.Argv ?? [])) yield return text;
        foreach (var gate in plan.Gates)
            foreach (var text in Texts(gate.Run, gate.Env, gate.Cwd, null).Concat(gate.Templates)) yield return text;
        foreach (var task in plan.Tasks)
        {
            foreach (var text in Texts(task.Run, task.Env, task.Cwd, task.Prompt)) yield return text;
            foreach (var text in task.Produces.Concat(task.Acceptance).Concat(task.Pins).Concat(task.With.Values.SelectMany(Leaves))) yield return text;
        }
    }

    private static IEnumerable<string> Texts(CommandSpec? run, IReadOnlyDictionary<string, string> env, string? cwd, string? prompt) =>
        (run?.Argv ?? []).Concat(env.Values).Append(cwd ?? "").Append(prompt ?? "").Where(t => t.Contains("${", StringComparison.Ordinal));

    private static IEnumerable<string> Leaves(PlanValue value) =>
        value.AsText is { } text ? [text]
        : value.AsList is { } list ? list.SelectMany(Leaves)
        : value.AsMap is { } map ? map.Values.SelectMany(Leaves)
        : [];
}
