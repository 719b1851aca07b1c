using Skep.Agents.Queries;

namespace Skep.Crash;

/// <summary>Where the agents stood when they were killed, by their logs.</summary>
internal sealed class KillCount
{
    private int _kills;
    private int _calls;
    private int _tools;
    private int _between;

    /// <summary>Kills of processes that had agents in a conversation.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Turns that are answered by now.</summary>
    public int Turns { get; private set; }

    /// <summary>Counts a kill.</summary>
    /// <param name="states">The queries as their logs show them.</param>
    /// <param name="worked">Whether the process had come so far that it asked a model.</param>
    public void Add(IReadOnlyList<QueryState> states, bool worked)
    {
        _kills++;
        Turns = states.Sum(s => s.Turns);
        if (!worked) return;
        var open = states.Where(s => s.End is null && s.Start is not null).ToList();
        if (open.Count > 0) UnderWay++;
        foreach (var state in open)
        {
            if (state.Open is not null) _calls++;
            else if (state.Items is [.., TurnItem turn] && turn.Tools.Any(t => t.Stage == ToolStage.Begun)) _tools++;
            else _between++;
        }
    }

    public override string ToString() =>
        $"{_kills} kills, {UnderWay} of agents at work; agents that were killed in a call: {_calls}, while tools ran: {_tools}, between: {_between}; {Turns} turns answered before the last kill";
}
