namespace Skep.Plans;

/// <summary>Who proposes tasks.</summary>
/// <param name="Task">Id of the task that it works on.</param>
/// <param name="Agent">Id of its agent spec.</param>
public sealed record Proposer(string Task, string Agent);

/// <summary>What reading a proposal yields.</summary>
/// <param name="Plan">The plan with the tasks at the end of the proposer's phase, or null when there are errors.</param>
/// <param name="Tasks">The tasks, in their order.</param>
/// <param name="Diagnostics">All findings; positions are those of the proposal's text.</param>
public sealed record ProposalReadResult(Plan? Plan, IReadOnlyList<PlanTask> Tasks, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The findings in words, one a line, for whoever proposed.</summary>
    public string Problem => string.Join('\n', Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Message));

    /// <summary>How many executions the tasks stand for: a fan-out counts with its items.</summary>
    public int Executions => Tasks.Sum(t => Math.Max(1, t.ForeachItems?.Count ?? 1));
}
