namespace Skep.Agents.Queries;

/// <summary>What ought to happen now in a query.</summary>
public abstract record QueryStep;

/// <summary>Call the model.</summary>
public sealed record CallModel : QueryStep;

/// <summary>Run tools.</summary>
/// <param name="Turn">The turn that asks for them.</param>
/// <param name="Slots">Which.</param>
public sealed record RunTools(TurnItem Turn, IReadOnlyList<ToolSlot> Slots) : QueryStep;

/// <summary>Wait until a person has decided on tool calls.</summary>
/// <param name="Slots">Which.</param>
public sealed record AwaitPerson(IReadOnlyList<ToolSlot> Slots) : QueryStep;

/// <summary>Record something, then look again.</summary>
/// <param name="Event">What.</param>
public sealed record AppendEvent(QueryEvent Event) : QueryStep;

/// <summary>Nothing: it is over.</summary>
public sealed record Rest : QueryStep;

public static partial class QueryCore
{
    /// <summary>How often a model may be asked to mend an answer.</summary>
    public const int MaxRepairs = 2;

    /// <summary>Identical tool calls in a row after which the model is told, and after which the query ends.</summary>
    public const int LoopWarning = 3, LoopEnd = 6;

    /// <summary>What follows from the state.</summary>
    public static QueryStep Next(QueryState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.End is not null || state.Start is null) return new Rest();
        if (state.ItemList[^1] is TurnItem turn)
        {
            if (Tools(turn) is { } tools) return tools;
            if (turn.Tools.Count == 0 && state.NoteList.Count == 0) return Finish(state, turn.Turn);
            if (LoopGuard(state) is { } loop) return loop;
        }

        return state.Turns >= state.Start.MaxTurns
            ? Fail($"the model took {state.Turns} turns without coming to an end, which is the most that its agent may take ('limits: {{ turns: … }}')")
            : new CallModel();
    }

    /// <summary>What the end of another process has left in flight. An unsafe tool may have done its work: a person is asked, nobody guesses.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isRepeatable">Tells for a tool's name whether a call of it may be made twice.</param>
    public static IReadOnlyList<QueryEvent> Recover(QueryState state, Func<string, bool> isRepeatable)
    {
        ArgumentNullException.ThrowIfNull(state);
        var events = new List<QueryEvent> { new QueryRecovered() };
        if (state.Open is { } open) events.Add(new CallLost(open.Call, open.Model, open.Tokens, open.Usd));
        if (state.ItemList.LastOrDefault() is TurnItem turn)
        {
            foreach (var slot in turn.Tools.Where(t => t.Stage == ToolStage.Begun && !isRepeatable(t.Request.Tool)))
                events.Add(new ToolAsked(turn.Call, slot.Index, $"'{slot.Request.Tool}' was running when its process ended, and may have done its work. Run it again?", InDoubt: true));
        }

        return events;
    }

    private static QueryStep? Tools(TurnItem turn)
    {
        var runnable = turn.Tools.Where(t => t.Stage is ToolStage.Requested or ToolStage.Begun or ToolStage.Approved).ToList();
        if (runnable.Count > 0) return new RunTools(turn, runnable);
        var asked = turn.Tools.Where(t => t.Stage == ToolStage.Asked).ToList();
        return asked.Count > 0 ? new AwaitPerson(asked) : null;
    }

    private static AppendEvent Finish(QueryState state, AssistantTurn turn)
    {
        if (turn.Finish == "content_filter") return Fail("the provider refuses to answer this (content filter)");
        if (turn.Finish == "length") return Fail("the answer was cut off because it is longer than the model may answer: raise 'limits: { output_tokens: … }', or ask for less");
        var problem = Problem(state.Start!.Schema, turn.Text);
        if (problem is null) return new AppendEvent(new QueryEnded(QueryStatus.Complete, null, false));
        return state.Repairs < MaxRepairs
            ? new AppendEvent(new NoteAdded($"{problem} Answer again, with the whole corrected answer and nothing else.", "skep", Repair: true))
            : Fail($"the model's answer was not usable after {MaxRepairs} corrections: {problem}", retryable: true);
    }

    private static string? Problem(string? schema, string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "Your answer is empty.";
        if (schema is null) return null;
        var problems = AnswerSchema.Check(schema, text);
        return problems.Count == 0 ? null : $"Your answer must be one JSON value that fits the schema, but: {string.Join("; ", problems)}.";
    }

    /// <summary>A model that makes the same calls and gets the same results again and again does not come to an end by itself.</summary>
    private static AppendEvent? LoopGuard(QueryState state)
    {
        var repeats = 1;
        for (var i = state.ItemList.Count - 1; i > 0; i--)
        {
            if (Before(state, i) is not { } earlier || !Same((TurnItem)state.ItemList[i], earlier.Turn)) break;
            repeats++;
            i = earlier.Index + 1;
        }

        if (repeats >= LoopEnd) return Fail($"the model made the same tool calls {repeats} times in a row and got the same results: {Names((TurnItem)state.ItemList[^1])}");
        if (repeats != LoopWarning || state.NoteList.Count > 0) return null;
        return new AppendEvent(new NoteAdded($"You have made the same tool call {repeats} times with the same result. It will not change; do something else, or give your answer.", "skep", Repair: false));
    }

    private static (TurnItem Turn, int Index)? Before(QueryState state, int index)
    {
        for (var i = index - 1; i >= 0; i--)
            if (state.ItemList[i] is TurnItem turn) return (turn, i);
        return null;
    }

    private static bool Same(TurnItem a, TurnItem b) => a.Tools.Count > 0 && a.Tools.Count == b.Tools.Count
        && a.Tools.Zip(b.Tools).All(p => p.First.Request.Tool == p.Second.Request.Tool && p.First.Request.Arguments == p.Second.Request.Arguments && p.First.Result == p.Second.Result);

    private static string Names(TurnItem turn) => string.Join(", ", turn.Tools.Select(t => t.Request.Tool));

    private static AppendEvent Fail(string why, bool retryable = false) => new(new QueryEnded(QueryStatus.Error, why, retryable));
}
