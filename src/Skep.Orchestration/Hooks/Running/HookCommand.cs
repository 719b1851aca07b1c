using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>A hook of a plan, ready to run: its expressions are resolved.</summary>
/// <param name="Spec">The hook.</param>
/// <param name="Part">Names it among the hooks around the same thing: <c>hook-2</c>.</param>
/// <param name="Argv">Program and arguments; empty for a script.</param>
/// <param name="Problem">Why it cannot run: an expression has no value. Null when it can.</param>
internal sealed record HookCommand(HookSpec Spec, string Part, IReadOnlyList<string> Argv, string? Problem)
{
    /// <summary>What is recorded of the command: as the plan has it, so that no value of an expression gets into the log.</summary>
    public string Display => Text.Shorten(string.Join(' ', (Spec.Run?.Display ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)), Queen.MaxHookText);

    /// <summary>Resolves hooks, those that are only planned left out. Reads only what never changes in a run.</summary>
    public static IReadOnlyList<HookCommand> Resolve(RunState state, IEnumerable<HookSpec> hooks)
    {
        var scope = new HookScope(state);
        return [.. hooks.Select((h, i) => (Hook: h, Index: i)).Where(h => h.Hook is { Planned: false, Run: not null }).Select(h => Resolve(h.Hook, $"hook-{h.Index}", scope))];
    }

    private static HookCommand Resolve(HookSpec hook, string part, HookScope scope)
    {
        try
        {
            return new HookCommand(hook, part, [.. hook.Run!.Argv.Select(a => ExpressionEvaluator.Interpolate(a, scope))], null);
        }
        catch (ExpressionException e)
        {
            return new HookCommand(hook, part, [], e.Message);
        }
    }
}

/// <summary>What hooks' expressions may use: variables, the run, the plan, the environment. None of it changes while a run goes on.</summary>
internal sealed class HookScope(RunState state) : IExpressionScope
{
    private readonly RunScope _all = new(state, null);

    /// <inheritdoc />
    public PlanValue? Resolve(IReadOnlyList<string> path, out string? missing)
    {
        missing = null;
        if (path[0] is "vars" or "run" or "plan" or "env") return _all.Resolve(path, out missing);
        missing = $"'{string.Join('.', path)}' cannot be used around a run: only vars, run, plan and env can";
        return null;
    }
}
