namespace Skep.Orchestration;

/// <summary>What is only planned.</summary>
internal sealed partial class Decider
{
    /// <summary>
    /// At the very beginning, whatever it needs: then no budget counts on it, no cancellation is said to have prevented it, and whoever looks
    /// sees at once what will not be done.
    /// </summary>
    private void PassOverPlanned()
    {
        var keys = state.Nodes.Where(n => n.Node.IsPlanned && !n.Status.IsSettled()).Select(n => n.Key).ToList();
        foreach (var chunk in keys.Chunk(MaxKeysPerEvent)) Emit(new TasksSkipped(chunk, SkipCause.Planned, PlannedWork.NotThere));
    }
}
