namespace Skep.Orchestration;

public static partial class Queen
{
    private static void Vote(RunState state, NodeState gate, GateVoted e, DateTimeOffset at)
    {
        _ = CurrentOf(gate, e.Attempt);
        (gate.VoteList ??= []).Add(new GateVote(e.Role, e.By, e.Approved, e.Text, at));
        state.Changed.Add(gate);
    }

    /// <summary>The gate keeps the reason why it failed beside the one why that is passed over.</summary>
    private static void Waive(RunState state, NodeState gate, GateWaived e, DateTimeOffset at)
    {
        if (gate.Status is not (TaskStatus.Failed or TaskStatus.TimedOut)) throw new RunLogException($"the log waives '{gate.Key}', which is {gate.Status.Name()}");
        CountSettled(state, gate, -1);
        (gate.Status, gate.Waiver) = (TaskStatus.Waived, new GateWaiver(e.By, e.Reason, at));
        CountSettled(state, gate, +1);
        state.Changed.Add(gate);
        foreach (var edge in gate.Node.Dependants)
            if (state.Of(edge).Status == TaskStatus.Pending) Recount(state, state.Of(edge));
    }
}
