namespace Skep.Orchestration;

internal sealed partial class Decider
{
    /// <summary>Sums only grow: an older word that comes late, or a second time, says nothing new.</summary>
    private void OnUsed(WorkerUsed input)
    {
        if (state.Find(input.Task)?.AttemptList?.Find(a => a.Number == input.Attempt) is not { } attempt) return;
        if (double.IsFinite(input.Usage.CostUsd) && input.Usage.IsMoreThan(attempt.Usage)) Emit(new UsageReported(input.Task, input.Attempt, input.Usage));
    }
}
