namespace Skep.Plans.Validation.Rules;

/// <summary>
/// Tasks that can never run: what they need contradicts itself, or their condition is false whatever happens. A constant false is only
/// a warning, because people switch tasks off that way.
/// </summary>
internal sealed class UnreachableRule : IPlanRule
{
    private const int MaxVisits = 5_000_000;

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var visits = 0;
        for (var i = 0; i < context.Tasks.Count; i++)
        {
            var task = context.Tasks[i];
            if (task.When is { } when) CheckCondition(context, task, when);
            CheckToleratedFailure(context, task.Id, task.Needs);
            if (NeedsFailure(task.Needs)) CheckContradiction(context, task, ref visits);
        }

        foreach (var phase in context.Plan.Phases) CheckToleratedFailure(context, phase.Id, phase.Needs);
        if (visits > MaxVisits)
            context.Bag.Warning(DiagnosticCodes.CheckSkipped, default, "not every task that needs a failure was checked for contradictions, because there are too many needs behind them");
    }

    private static void CheckCondition(ValidationContext context, PlanTask task, PlanExpression when)
    {
        try
        {
            if (ExpressionEvaluator.References(when).Count == 0 && !ExpressionEvaluator.EvaluateCondition(when, NoScope.Instance))
                context.Bag.Warning(DiagnosticCodes.Unreachable, when.At, $"task '{task.Id}' never runs, because its condition is always false", when.Text);
        }
        catch (ExpressionException e)
        {
            context.Bag.Error(DiagnosticCodes.BadExpression, when.At, e.Message, when.Text);
        }
    }

    /// <summary>A tolerated failure counts as success for those who wait, so nothing that waits for the failure ever starts.</summary>
    private static void CheckToleratedFailure(ValidationContext context, string id, IReadOnlyList<Need> needs)
    {
        foreach (var need in needs)
            if (need.On == NeedOn.Failure && context.TaskIndex.TryGetValue(need.Id, out var i) && context.Tasks[i].AllowFailure)
                context.Bag.Error(DiagnosticCodes.Unreachable, need.At, $"'{id}' can never run: it needs the failure of '{need.Id}', whose failure is allowed and counts as success; use 'on: settled' or remove 'allow_failure'", need.Id);
    }

    private static bool NeedsFailure(IReadOnlyList<Need> needs)
    {
        foreach (var need in needs)
            if (need.On == NeedOn.Failure) return true;
        return false;
    }

    /// <summary>
    /// Collects all that must have succeeded and all that must have failed before the task may start; nothing can be both. What has
    /// failed must have started, so what it needed counts as well.
    /// </summary>
    private static void CheckContradiction(ValidationContext context, PlanTask task, ref int visits)
    {
        var succeeded = new HashSet<string>(StringComparer.Ordinal);
        var failed = new Dictionary<string, Need>(StringComparer.Ordinal);
        var open = new Stack<IReadOnlyList<Need>>();
        PushTask(context, task, open);
        while (open.TryPop(out var needs))
        {
            foreach (var need in needs)
            {
                if (++visits > MaxVisits) return;
                var isNew = need.On switch
                {
                    NeedOn.Success => succeeded.Add(need.Id),
                    NeedOn.Failure => failed.TryAdd(need.Id, need),
                    _ => false,
                };
                if (isNew) Follow(context, need, open);
            }
        }

        foreach (var (id, need) in failed)
        {
            if (!succeeded.Contains(id) || Tolerates(context, id)) continue;
            context.Bag.Error(DiagnosticCodes.Unreachable, OwnPosition(task, need), $"task '{task.Id}' can never run: it waits for '{id}' to fail and to succeed; use 'on: settled', or remove one of the needs", id);
            return;
        }
    }

    private static void Follow(ValidationContext context, Need need, Stack<IReadOnlyList<Need>> open)
    {
        if (context.TaskIndex.TryGetValue(need.Id, out var task))
        {
            // After a tolerated failure we know nothing of what went before.
            if (!context.Tasks[task].AllowFailure) PushTask(context, context.Tasks[task], open);
        }
        else if (context.PhaseIndex.TryGetValue(need.Id, out var phase))
        {
            open.Push(context.Plan.Phases[phase].Needs);
            if (need.On != NeedOn.Success) return;
            open.Push([.. context.Plan.Phases[phase].Tasks.Where(t => !t.AllowFailure).Select(t => new Need(t.Id, NeedOn.Success, need.At))]);
        }
    }

    private static void PushTask(ValidationContext context, PlanTask task, Stack<IReadOnlyList<Need>> open)
    {
        open.Push(task.Needs);
        if (context.PhaseIndex.TryGetValue(task.Phase, out var phase)) open.Push(context.Plan.Phases[phase].Needs);
    }

    private static bool Tolerates(ValidationContext context, string id) =>
        context.TaskIndex.TryGetValue(id, out var task) && context.Tasks[task].AllowFailure;

    private static SourceSpan OwnPosition(PlanTask task, Need need) => task.Needs.Contains(need) ? need.At : task.At;

    /// <summary>A scope without names, for constant conditions.</summary>
    private sealed class NoScope : IExpressionScope
    {
        public static NoScope Instance { get; } = new();

        public PlanValue? Resolve(IReadOnlyList<string> path, out string? missing)
        {
            missing = null;
            return null;
        }
    }
}
