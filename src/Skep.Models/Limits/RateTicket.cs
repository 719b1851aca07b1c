namespace Skep.Models.Limits;

/// <summary>One call on its way through a <see cref="RateScheduler"/>: waiting, then in flight, then settled.</summary>
internal class RateTicket(string agent, long tokens)
{
    /// <summary>Who asks.</summary>
    public string Agent { get; } = agent;

    /// <summary>Tokens that are reserved for it.</summary>
    public long Tokens { get; } = Math.Max(tokens, 0);

    /// <summary>Where it stands.</summary>
    public TicketState State { get; set; }

    /// <summary>When it went.</summary>
    public TimeSpan Start { get; set; }

    /// <summary>Whether it counts as a request of the minute.</summary>
    public bool Counts { get; set; }

    /// <summary>Whether the provider is known to have let it in.</summary>
    public bool Answered { get; set; }

    /// <summary>What its agent was charged, in the fair queue's virtual time.</summary>
    public double Charged { get; set; }

    /// <summary>Order among all tickets, by when they asked.</summary>
    public long Order { get; set; }

    /// <summary>Its agent's account.</summary>
    public FairAgent? Account { get; set; }

    /// <summary>Its place among its agent's waiting tickets.</summary>
    public LinkedListNode<RateTicket>? Place { get; set; }
}

/// <summary>Where a <see cref="RateTicket"/> stands.</summary>
internal enum TicketState
{
    /// <summary>Not known to the scheduler.</summary>
    New,

    /// <summary>Waits for its turn.</summary>
    Waiting,

    /// <summary>At the provider.</summary>
    InFlight,

    /// <summary>Done, failed, refused, given up or cancelled.</summary>
    Over,
}
