namespace Skep.Agents.Queries;

/// <summary>What ought to happen to the program of a query whose agent is a coding CLI.</summary>
public enum SessionStep
{
    /// <summary>Nothing: the query is over.</summary>
    Rest,

    /// <summary>Nothing for now: it works, or it is held.</summary>
    Stay,

    /// <summary>A process is to be started.</summary>
    Start,

    /// <summary>Its process is to be ended now, at the end of a turn; another goes on with its session.</summary>
    Replace,

    /// <summary>Its process, which stands still, is to be ended as it is; another goes on with its session when the query goes on.</summary>
    EndHeld,
}

/// <summary>The process of a coding CLI that works on a query.</summary>
/// <param name="Opened">How it was started.</param>
/// <param name="IsOpen">Whether it is there.</param>
public sealed record SessionState(SessionOpened Opened, bool IsOpen);

public static partial class QueryCore
{
    /// <summary>Most messages of a coding agent that are remembered by their names, and that a state keeps to be shown; all are in the log.</summary>
    public const int MaxMessages = 500;

    /// <summary>
    /// What ought to happen to the program of a coding agent. What it is told stands in its command line, so that another model or permission mode needs another process;
    /// it takes over where no turn is cut in two, or where the process stands still.
    /// </summary>
    /// <param name="state">The query.</param>
    /// <param name="held">Whether it is held.</param>
    /// <param name="settled">Whether all tools of the last turn have answered, and the next turn has only just begun.</param>
    public static SessionStep NextOfSession(QueryState state, bool held, bool settled)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.End is not null || state.Start is null) return SessionStep.Rest;
        if (state.Session is not { IsOpen: true, Opened: var told }) return held ? SessionStep.Stay : SessionStep.Start;
        if (told.Model == state.Model && told.Permission == state.Permission) return SessionStep.Stay;
        return held ? SessionStep.EndHeld : settled ? SessionStep.Replace : SessionStep.Stay;
    }

    /// <summary>What the end of another process has left of a coding agent's session: its program is ended before the query is taken up again.</summary>
    public static IReadOnlyList<QueryEvent> RecoverSession(QueryState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.End is not null || state.Start is null) return [];
        return state.Session is { IsOpen: true } ? [new QueryRecovered(), new SessionClosed("the process that worked on it has ended")] : [new QueryRecovered()];
    }

    private static void Open(QueryState state, SessionOpened e)
    {
        if (state.Session is { IsOpen: true } open) throw Bad(state, $"starts process {e.Number} while process {open.Opened.Number} is there");
        if (e.Number != (state.Session?.Opened.Number ?? 0) + 1) throw Bad(state, $"starts process {e.Number} behind process {state.Session?.Opened.Number ?? 0}");
        state.Session = new SessionState(e, true);
    }

    private static void Close(QueryState state)
    {
        if (state.Session is not { IsOpen: true } open) throw Bad(state, "ends a process that is not there");
        state.Session = open with { IsOpen = false };
    }

    private static void Act(QueryState state, AgentActed e)
    {
        if (e.Message.Length > 0 && !state.MessageList.Contains(e.Message)) state.MessageList.Add(e.Message);
        if (state.MessageList.Count > MaxMessages) state.MessageList.RemoveAt(0);
        state.ItemList.Add(new ActedItem(e.Text, e.Tools));
        // The first item is the prompt.
        if (state.ItemList.Count > MaxMessages) state.ItemList.RemoveAt(1);
    }

    private static void Count(QueryState state, UsageCounted e)
    {
        if (e.Tokens < state.CliTokens || e.Usd < state.Usd || e.Turns < state.Turns) throw Bad(state, "counts less than was counted before");
        (state.CliTokens, state.Usd, state.Turns) = (e.Tokens, e.Usd, e.Turns);
    }
}
