namespace Skep.Agents.Queries;

/// <summary>
/// The semantics of a query, pure: <see cref="Apply"/> folds events, <see cref="Next"/> tells from the state what ought to happen now.
/// Recovery after a crash is: read the events, fold, <see cref="Recover"/>, and do what <see cref="Next"/> says.
/// </summary>
public static partial class QueryCore
{
    /// <summary>Who says the item that stands for what was replaced.</summary>
    internal const string SummaryBy = "summary";

    /// <summary>Folds one event into the state. The only place where it changes.</summary>
    /// <exception cref="QueryLogException">The event does not fit the state.</exception>
    public static void Apply(QueryState state, QueryEvent recorded, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.End is not null) throw Bad(state, "follows its end");
        switch (recorded)
        {
            case QueryStarted e: Begin(state, e); break;
            case QueryRecovered: break;
            case CallBegun e: BeginCall(state, e); break;
            case CallAnswered e: Answer(state, e); break;
            case CallFailed e: CloseCall(state, e.Call); Unsure(state, e.Tokens, e.Usd); break;
            case CallLost e: CloseCall(state, e.Call); Unsure(state, e.Tokens, e.Usd); break;
            case ToolsBegun e: foreach (var i in e.Indexes) Stage(state, e.Call, i, ToolStage.Begun); break;
            case ToolEnded e: EndTool(state, e); break;
            case ToolAsked e: Stage(state, e.Call, e.Index, ToolStage.Asked).Question = e.Question; break;
            case ToolDecided { Approved: true } e: Stage(state, e.Call, e.Index, ToolStage.Approved); break;
            case ToolDecided e: EndTool(state, new ToolEnded(e.Call, e.Index, Declined(e), true, 0)); break;
            case NoteAdded e: Note(state, e); break;
            case Compacted e: Compact(state, e); break;
            case QueryPaused e: (state.Status, state.Hold) = (QueryStatus.Paused, e); break;
            case QueryResumed: (state.Status, state.Hold) = (QueryStatus.Running, null); break;
            case ModelChanged e: state.Model = e.To; break;
            case PermissionChanged e: state.Permission = e.To; break;
            case OutputReduced e: state.OutputTokens = e.Tokens; break;
            case QueryInterrupted: break;
            case SessionOpened e: Open(state, e); break;
            case SessionClosed: Close(state); break;
            case AgentActed e: Act(state, e); break;
            case UsageCounted e: Count(state, e); break;
            case QueryEnded e: (state.Status, state.End) = (e.Status, e); break;
            default: throw Bad(state, $"has a type that this version does not know: {recorded?.GetType().Name}");
        }

        state.Seq++;
        state.LastAt = at;
    }

    private static void Begin(QueryState state, QueryStarted e)
    {
        if (state.Start is not null) throw Bad(state, "begins it twice");
        (state.Start, state.Status, state.Model, state.Permission) = (e, QueryStatus.Running, e.Model, e.Permission);
        state.ItemList.Add(new SaidItem(e.Prompt, "plan"));
    }

    /// <summary>What was said meanwhile goes with this call, behind the results that it follows.</summary>
    private static void BeginCall(QueryState state, CallBegun e)
    {
        if (state.Open is not null) throw Bad(state, $"begins call {e.Call} while call {state.Open.Call} is in flight");
        (state.Open, state.Calls) = (e, e.Call);
        if (e.Purpose != CallPurpose.Turn) return;
        var notes = e.Notes ?? state.NoteList.Count;
        if (notes < 0 || notes > state.NoteList.Count) throw Bad(state, $"takes {notes} of {state.NoteList.Count} notes");
        foreach (var note in state.NoteList.Take(notes)) state.ItemList.Add(new SaidItem(note.Text, note.By));
        state.NoteList.RemoveRange(0, notes);
    }

    private static void Answer(QueryState state, CallAnswered e)
    {
        var call = CloseCall(state, e.Call);
        state.Tokens += e.Tokens;
        state.SavedUsd += e.SavedUsd ?? 0;
        Spend(state, e.Usd);
        if (call.Purpose != CallPurpose.Turn) return;
        state.Turns++;
        state.ItemList.Add(new TurnItem(e.Call, e.Turn));
    }

    private static CallBegun CloseCall(QueryState state, int call)
    {
        if (state.Open is not { } open || open.Call != call) throw Bad(state, $"ends call {call}, which is not in flight");
        state.Open = null;
        return open;
    }

    private static void Unsure(QueryState state, long tokens, decimal? usd)
    {
        if (tokens == 0) return;
        state.UnsureTokens += tokens;
        Spend(state, usd);
    }

    private static void Spend(QueryState state, decimal? usd)
    {
        if (usd is { } known) state.Usd += known;
        else state.Unpriced++;
    }

    private static void Note(QueryState state, NoteAdded e)
    {
        if (e.Repair) state.Repairs++;
        state.NoteList.Add(e);
    }

    private static void Compact(QueryState state, Compacted e)
    {
        if (e.Items < 1 || e.Items > state.ItemList.Count) throw Bad(state, $"replaces {e.Items} of {state.ItemList.Count} items");
        state.ItemList.RemoveRange(0, e.Items);
        state.ItemList.Insert(0, new SaidItem(e.Summary, SummaryBy));
    }

    private static void EndTool(QueryState state, ToolEnded e)
    {
        var slot = Stage(state, e.Call, e.Index, ToolStage.Ended);
        (slot.Result, slot.IsError) = (e.Text, e.IsError);
    }

    private static ToolSlot Stage(QueryState state, int call, int index, ToolStage stage)
    {
        if (state.ItemList.LastOrDefault() is not TurnItem turn || turn.Call != call || index < 0 || index >= turn.Tools.Count)
            throw Bad(state, $"speaks of tool call {index} of call {call}, which is not the last turn");
        var slot = turn.Tools[index];
        if (slot.Stage == ToolStage.Ended) throw Bad(state, $"settles tool call {index} of call {call} twice");
        slot.Stage = stage;
        return slot;
    }

    private static string Declined(ToolDecided e) => $"{e.By} did not allow this call{(e.Text.Length > 0 ? ": " + e.Text : "")}. Do not try it again; find another way, or say what you need.";

    private static QueryLogException Bad(QueryState state, string what) => new($"event {state.Seq + 1} of the query {what}: its log is damaged");
}

/// <summary>The log of a query cannot be read.</summary>
public sealed class QueryLogException(string message, Exception? inner = null) : Exception(message, inner);
