using System.Globalization;

namespace Skep.Agents.Queries;

/// <summary>What may be asked of a query.</summary>
public static class QueryOps
{
    /// <summary>Stand still at the next safe point.</summary>
    public const string Pause = "pause";

    /// <summary>Go on.</summary>
    public const string Resume = "resume";

    /// <summary>End.</summary>
    public const string Terminate = "terminate";

    /// <summary>Another model answers from the next turn on.</summary>
    public const string Model = "model";

    /// <summary>Another permission mode holds from the next tool call on.</summary>
    public const string Permission = "permission";

    /// <summary>Say something to the model before its next turn.</summary>
    public const string Say = "say";

    /// <summary>Shorten the conversation before the next turn.</summary>
    public const string Compact = "compact";

    /// <summary>Decide on a tool call that waits: <c>yes</c> or <c>no</c>, and a text.</summary>
    public const string Answer = "answer";

    /// <summary>Raise a limit that the query counts in: <c>SCOPE RESOURCE AMOUNT</c>, see <see cref="BudgetRaise"/>.</summary>
    public const string Budget = "budget";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Pause, Resume, Terminate, Model, Permission, Say, Compact, Answer, Budget];
}

/// <summary>Turns requests to a query into events. Pure.</summary>
internal static class QueryControls
{
    /// <summary>Longest argument, in characters.</summary>
    public const int MaxArgument = 16 * 1024;

    /// <summary>Most things said to a model that wait for its next turn.</summary>
    public const int MaxNotes = 100;

    /// <summary>Takes a request: adds what follows from it, and returns what came of it.</summary>
    /// <param name="state">The query.</param>
    /// <param name="asked">The request.</param>
    /// <param name="events">Where the events go.</param>
    /// <param name="partial">What has come of the answer in flight: it is paid for, so it is kept for people.</param>
    public static string Take(QueryState state, ControlRow asked, List<QueryEvent> events, string partial = "")
    {
        switch (asked.Op)
        {
            case QueryOps.Terminate:
                if (state.Open is { } open) events.Add(new CallLost(open.Call, open.Model, open.Tokens, open.Usd));
                if (state.Open is not null && partial.Length > 0) events.Add(new QueryInterrupted(partial));
                events.Add(new QueryEnded(QueryStatus.Terminated, $"terminated by {asked.By}", false));
                return "terminated";
            case QueryOps.Model when asked.Argument is { Length: > 0 } model:
                if (state.Model == model) return $"{model} answers already";
                events.Add(new ModelChanged(state.Model, model, asked.By, "asked for"));
                return $"{model} answers the next turn";
            case QueryOps.Permission when PermissionModes.Find(asked.Argument) is { } mode:
                events.Add(new PermissionChanged(mode, asked.By));
                return $"permission mode {mode}";
            case QueryOps.Say when asked.Argument is { Length: > 0 } text:
                if (state.Notes.Count + events.OfType<NoteAdded>().Count() >= MaxNotes) return $"refused: {MaxNotes} notes wait for the model's next turn already";
                events.Add(new NoteAdded(text, asked.By, Repair: false));
                return "said before the next turn";
            case QueryOps.Compact:
                return Compact(state, events);
            case QueryOps.Answer:
                return Answer(state, asked, events);
            default:
                return $"refused: '{asked.Op}' cannot be carried out with '{asked.Argument}'";
        }
    }

    private static string Compact(QueryState state, List<QueryEvent> events)
    {
        if (Compaction.Shorten(state) is not { } shorter) return "there is nothing to leave out";
        events.Add(shorter);
        return "shortened";
    }

    /// <summary>The argument: the number of the call in its turn, <c>yes</c> or <c>no</c>, and a text, separated by spaces.</summary>
    private static string Answer(QueryState state, ControlRow asked, List<QueryEvent> events)
    {
        var parts = (asked.Argument ?? "").Split(' ', 3);
        if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return "refused: which call, and yes or no?";
        if ((state.Items.Count > 0 ? state.Items[^1] : null) is not TurnItem turn || index >= turn.Tools.Count || turn.Tools[index].Stage != ToolStage.Asked)
            return $"refused: tool call {parts[0]} does not wait for an answer";
        var yes = parts[1] == "yes";
        events.Add(new ToolDecided(turn.Call, index, yes, asked.By, parts.Length > 2 ? parts[2] : ""));
        return yes ? "allowed" : "not allowed";
    }
}
