using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Whether a settled dependency satisfies a need.</summary>
internal static class Needs
{
    public static bool Satisfied(NodeState need, NeedOn on, NodeState dependant) => on switch
    {
        NeedOn.Settled => true,
        NeedOn.Failure => need.Status.IsFailure(),
        _ => Succeeded(need, dependant),
    };

    private static bool Succeeded(NodeState need, NodeState dependant) => need.Status switch
    {
        TaskStatus.Succeeded or TaskStatus.Waived => true,
        // A gate judges what was done; what was dropped for want of budget is reported, not judged.
        TaskStatus.Skipped => need.SkipCause == SkipCause.Condition || (need.SkipCause == SkipCause.Dropped && dependant.Gate is not null)
            || (need.SkipCause == SkipCause.Planned && PlannedWork.JudgesWhatRan(dependant)),
        TaskStatus.Pending or TaskStatus.Ready or TaskStatus.Assigned or TaskStatus.Running => false,
        _ => need.Task?.AllowFailure == true,
    };
}
