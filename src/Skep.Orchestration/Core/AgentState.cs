namespace Skep.Orchestration;

/// <summary>Where an agent is in its life: <code>spawned → busy ⇄ idle → (draining →) retired</code></summary>
public enum AgentLife
{
    /// <summary>It is there and has not begun anything.</summary>
    Spawned,

    /// <summary>It waits for work.</summary>
    Idle,

    /// <summary>It works on an attempt.</summary>
    Busy,

    /// <summary>It ends what it holds and gets nothing more.</summary>
    Draining,

    /// <summary>It is gone; its name is not given again.</summary>
    Retired,
}

/// <summary>State of one agent, a living instance of an agent spec. Changed by <see cref="Queen.Apply"/> only.</summary>
public sealed class AgentState
{
    internal AgentState(SpecAgents family, int number, DateTimeOffset? since) =>
        (Family, Number, Name, Since) = (family, number, InstanceName.Of(family.Spec, number), since);

    /// <summary>Its name, unique in the run: <c>coder-3</c>.</summary>
    public string Name { get; }

    /// <summary>Its agent spec.</summary>
    public string Spec => Family.Spec;

    /// <summary>Where it is in its life. The end of the run retires all; that stands in the run's state, see <see cref="AgentOverview"/>.</summary>
    public AgentLife Life =>
        IsRetired ? AgentLife.Retired
        : IsDraining ? AgentLife.Draining
        : Held > 0 ? AgentLife.Busy
        : HasBegun ? AgentLife.Idle : AgentLife.Spawned;

    /// <summary>When it came to where it is; null for one that the plan gives and that has not begun anything.</summary>
    public DateTimeOffset? Since { get; internal set; }

    /// <summary>What it works on, or null.</summary>
    public NodeState? Work { get; private set; }

    /// <summary>Whether it was spawned by request, and not by the plan.</summary>
    public bool IsExtra { get; internal set; }

    /// <summary>Who had it spawned; for one that drains or is retired, who had it drained.</summary>
    public string? By { get; internal set; }

    /// <summary>Why it was retired.</summary>
    public string? Reason { get; internal set; }

    internal SpecAgents Family { get; }

    internal int Number { get; }

    /// <summary>The request that spawned it; the same request is not carried out twice.</summary>
    internal string? Request { get; set; }

    internal bool HasBegun { get; set; }

    internal bool IsDraining { get; set; }

    internal bool IsRetired { get; set; }

    /// <summary>Whether it takes work.</summary>
    internal bool IsOpen => !IsDraining && !IsRetired;

    /// <summary>Attempts that it works on. At most one, but for logs of versions that gave a name twice when a run was taken up again.</summary>
    internal int Held { get; private set; }

    /// <summary>It begins an attempt. A retired one begins none: who says so is no agent of ours.</summary>
    internal void Engage(NodeState node, DateTimeOffset at)
    {
        if (IsRetired) return;
        Hold(node);
        HasBegun = true;
        if (!IsDraining) Since = at;
    }

    /// <summary>It holds an attempt; all that does not follow from the attempts in flight stays as it is.</summary>
    internal void Hold(NodeState node)
    {
        if (IsRetired) return;
        if (Held++ == 0 && IsDraining) Family.DrainingAtWork++;
        Work = node;
    }

    /// <summary>It is free of an attempt.</summary>
    internal void Disengage(NodeState node, DateTimeOffset at)
    {
        if (Held == 0) return;
        if (--Held == 0 && IsDraining) Family.DrainingAtWork--;
        if (Work == node) Work = null;
        if (Held == 0 && !IsDraining) Since = at;
    }

    /// <summary>It gets nothing more.</summary>
    internal void Drain(DateTimeOffset at)
    {
        (IsDraining, Since) = (true, at);
        Family.Closed++;
        if (Held > 0) Family.DrainingAtWork++;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Name}: {AgentOverview.Word(Life)}";
}
