namespace Skep.Models.Limits;

/// <summary>
/// Start-time fair queueing of waiting calls. Each agent has a virtual time that moves on by what its calls cost; whoever is furthest behind is next,
/// and an agent's own calls keep their order. The queue's virtual time is the start of the latest call that went. An agent that was idle starts there: it
/// has no claim to turns that it did not ask for, and nobody has to catch up before it is served. Among agents that keep asking, what each was served differs by
/// at most one call of each.
/// </summary>
internal sealed class FairQueue
{
    /// <summary>Idle agents that are remembered; beyond it those furthest behind are forgotten, which costs nobody more than one call's fairness.</summary>
    internal const int MostIdleAgents = 1024;

    private readonly Dictionary<string, FairAgent> _agents = [];
    private readonly SortedSet<FairAgent> _waiting = new(FairAgent.ByTurn);
    private double _virtualNow;
    private long _asked;

    /// <summary>Calls that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Agents that are remembered.</summary>
    public int Agents => _agents.Count;

    /// <summary>Who is next; null when nobody waits.</summary>
    public RateTicket? Head => _waiting.Min?.Head;

    /// <summary>Who is next among agents that were not refused the last time, or if there is none, among all.</summary>
    public RateTicket? FreshHead => (_waiting.FirstOrDefault(a => !a.RefusedLast) ?? _waiting.Min)?.Head;

    /// <summary>Takes a place at the end of its agent's line.</summary>
    public void Add(RateTicket ticket)
    {
        var agent = AccountOf(ticket.Agent);
        ticket.Account = agent;
        ticket.Order = ++_asked;
        if (agent.Line.Count == 0)
        {
            agent.Start = Math.Max(agent.Start, _virtualNow - agent.Owed);
            agent.HeadOrder = ticket.Order;
        }

        ticket.Place = agent.Line.AddLast(ticket);
        Count++;
        _waiting.Add(agent);
    }

    /// <summary>Gives up a place.</summary>
    public void Remove(RateTicket ticket) => Rekey(ticket.Account!, agent =>
    {
        agent.Line.Remove(ticket.Place!);
        agent.HeadOrder = agent.Head?.Order ?? 0;
        Count--;
    });

    /// <summary>A call goes, and its agent is charged for it.</summary>
    public void Take(RateTicket ticket, double cost)
    {
        Remove(ticket);
        var agent = ticket.Account!;
        _virtualNow = Math.Max(_virtualNow, agent.Start);
        agent.InFlight++;
        agent.Owed = 0;
        Charge(ticket, cost);
    }

    /// <summary>A call is over, and was to be charged differently.</summary>
    public void Settle(RateTicket ticket, double cost)
    {
        Leave(ticket, refused: false);
        Charge(ticket, cost);
    }

    /// <summary>A call was refused: its agent gets back what it was charged, and keeps that claim while it is not asking.</summary>
    public void Refund(RateTicket ticket)
    {
        Leave(ticket, refused: true);
        ticket.Account!.Owed += ticket.Charged;
        Charge(ticket, 0);
    }

    private static void Leave(RateTicket ticket, bool refused)
    {
        ticket.Account!.InFlight--;
        ticket.Account.RefusedLast = refused;
    }

    private void Charge(RateTicket ticket, double cost)
    {
        Rekey(ticket.Account!, agent => agent.Start += cost - ticket.Charged);
        ticket.Charged = cost;
    }

    private void Rekey(FairAgent agent, Action<FairAgent> change)
    {
        _waiting.Remove(agent);
        change(agent);
        if (agent.Line.Count > 0) _waiting.Add(agent);
    }

    private FairAgent AccountOf(string name)
    {
        if (_agents.TryGetValue(name, out var agent)) return agent;
        if (_agents.Count >= MostIdleAgents) Forget();
        agent = new FairAgent { Start = _virtualNow };
        _agents.Add(name, agent);
        return agent;
    }

    /// <summary>Half of the idle ones go, so that this is not asked for at every new agent.</summary>
    private void Forget()
    {
        var idle = _agents.Where(a => a.Value.Line.Count == 0 && a.Value.InFlight == 0).OrderBy(a => a.Value.Start).Select(a => a.Key).ToList();
        foreach (var name in idle.Take((idle.Count + 1) / 2)) _agents.Remove(name);
    }
}

/// <summary>An agent's account in a <see cref="FairQueue"/>.</summary>
internal sealed class FairAgent
{
    /// <summary>Furthest behind first, then who asked first.</summary>
    public static IComparer<FairAgent> ByTurn { get; } = Comparer<FairAgent>.Create((a, b) =>
        a.Start.CompareTo(b.Start) is var byStart and not 0 ? byStart : a.HeadOrder.CompareTo(b.HeadOrder));

    /// <summary>Its waiting calls, in the order that they asked.</summary>
    public LinkedList<RateTicket> Line { get; } = [];

    /// <summary>The first of them.</summary>
    public RateTicket? Head => Line.First?.Value;

    /// <summary>Virtual time at which its next call starts.</summary>
    public double Start { get; set; }

    /// <summary>Order of its first waiting call.</summary>
    public long HeadOrder { get; set; }

    /// <summary>Its calls at the provider.</summary>
    public int InFlight { get; set; }

    /// <summary>What it got back for refused calls and has not used since.</summary>
    public double Owed { get; set; }

    /// <summary>Whether the latest of its calls that came back was refused.</summary>
    public bool RefusedLast { get; set; }
}
