namespace Skep.Plans;

/// <summary>What happens when a budget is used up, or would be by the next call.</summary>
public enum AtLimit
{
    /// <summary>What matters least is given up first, tier by tier, as soon as the forecast exceeds the budget; at the limit the run ends. Of the swarm's budget only, whose default it is.</summary>
    DropTiers,

    /// <summary>The attempt fails; of the swarm's budget: the run ends. The default of phases, agents and tasks.</summary>
    Fail,

    /// <summary>Work stands still, and a person is asked.</summary>
    Pause,

    /// <summary>The agent goes down to the next of its <see cref="AgentSpec.Fallbacks"/>; below the last one the attempt fails.</summary>
    Downgrade,
}

/// <summary>What a run, a phase, an agent or a task may use. A null member is unlimited.</summary>
/// <param name="Tokens">Model tokens, in and out.</param>
/// <param name="CostUsd">US dollars.</param>
/// <param name="Wall">Wall-clock time: of the run, of a phase from its first attempt on, of an agent or task the sum over its attempts.</param>
/// <param name="Turns">Calls of models.</param>
/// <param name="AtLimit">What happens at the limit.</param>
public sealed record Budget(long? Tokens = null, double? CostUsd = null, TimeSpan? Wall = null, long? Turns = null, AtLimit AtLimit = AtLimit.DropTiers)
{
    /// <summary>Whether anything is limited.</summary>
    public bool IsLimited => Tokens is not null || CostUsd is not null || Wall is not null || Turns is not null;
}
