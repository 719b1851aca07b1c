using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>Where a query is in its life: <c>init → running ⇄ paused → complete | terminated | error</c>.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<QueryStatus>))]
public enum QueryStatus
{
    /// <summary>It has not begun.</summary>
    Init,

    /// <summary>It works, or waits for a model or a tool.</summary>
    Running,

    /// <summary>It stands still.</summary>
    Paused,

    /// <summary>It has its answer.</summary>
    Complete,

    /// <summary>It was ended from outside.</summary>
    Terminated,

    /// <summary>It could not go on.</summary>
    Error,
}

/// <summary>State of a query: a fold over its events, changed by <see cref="QueryCore.Apply"/> only.</summary>
public sealed class QueryState
{
    /// <summary>How it began; null before that.</summary>
    public QueryStarted? Start { get; internal set; }

    /// <summary>Where it is in its life.</summary>
    public QueryStatus Status { get; internal set; }

    /// <summary>Number of events.</summary>
    public long Seq { get; internal set; }

    /// <summary>When the last one happened.</summary>
    public DateTimeOffset LastAt { get; internal set; }

    /// <summary>The model that answers next.</summary>
    public string Model { get; internal set; } = "";

    /// <summary>Permission mode.</summary>
    public string Permission { get; internal set; } = "";

    /// <summary>Longest answer in tokens, when somebody has reduced it.</summary>
    public int? OutputTokens { get; internal set; }

    /// <summary>The conversation, without the system prompt. After a compaction the first item is the summary.</summary>
    public IReadOnlyList<QueryItem> Items => ItemList;

    /// <summary>What is said to the model with the next call.</summary>
    public IReadOnlyList<NoteAdded> Notes => NoteList;

    /// <summary>Number of the last call.</summary>
    public int Calls { get; internal set; }

    /// <summary>Turns that models have answered.</summary>
    public int Turns { get; internal set; }

    /// <summary>How often the model was asked to mend its answer.</summary>
    public int Repairs { get; internal set; }

    /// <summary>The call in flight, or null.</summary>
    public CallBegun? Open { get; internal set; }

    /// <summary>Tokens that were used for certain.</summary>
    public TokenCount Tokens { get; internal set; }

    /// <summary>Tokens of all kinds that a coding CLI has told of.</summary>
    public long CliTokens { get; internal set; }

    /// <summary>The process of a coding CLI that works on it, or the last that did; null for other executors, and before the first.</summary>
    public SessionState? Session { get; internal set; }

    /// <summary>Names of the last messages of a coding agent: what it says of them again counts no second time.</summary>
    public IReadOnlyList<string> Messages => MessageList;

    /// <summary>Tokens of calls of which nobody knows what they took: what was reserved for them.</summary>
    public long UnsureTokens { get; internal set; }

    /// <summary>Dollars, those of unsure calls included.</summary>
    public decimal Usd { get; internal set; }

    /// <summary>Dollars that prompt caches have saved.</summary>
    public decimal SavedUsd { get; internal set; }

    /// <summary>Calls whose price is unknown.</summary>
    public int Unpriced { get; internal set; }

    /// <summary>How it ended, or null.</summary>
    public QueryEnded? End { get; internal set; }

    /// <summary>Why it stands still, or null.</summary>
    public QueryPaused? Hold { get; internal set; }

    /// <summary>The last answer that it got, or null.</summary>
    public AssistantTurn? LastTurn => ItemList.OfType<TurnItem>().LastOrDefault()?.Turn;

    internal List<QueryItem> ItemList { get; } = [];

    internal List<NoteAdded> NoteList { get; } = [];

    internal List<string> MessageList { get; } = [];
}

/// <summary>A piece of the conversation.</summary>
public abstract class QueryItem;

/// <summary>What the model was told.</summary>
public sealed class SaidItem(string text, string by) : QueryItem
{
    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>Who said it: <c>plan</c>, <c>skep</c>, <c>summary</c>, or a person.</summary>
    public string By { get; } = by;
}

/// <summary>What a coding agent said and did; its CLI keeps the results of its tools.</summary>
public sealed class ActedItem(string text, IReadOnlyList<AgentTool> tools) : QueryItem
{
    /// <summary>What it said.</summary>
    public string Text { get; } = text;

    /// <summary>The tools that it used.</summary>
    public IReadOnlyList<AgentTool> Tools { get; } = tools;
}

/// <summary>What the model said, with what came of the tools that it asked for.</summary>
public sealed class TurnItem(int call, AssistantTurn turn) : QueryItem
{
    /// <summary>Number of the call.</summary>
    public int Call { get; } = call;

    /// <summary>What it said.</summary>
    public AssistantTurn Turn { get; } = turn;

    /// <summary>Its tool calls, in its order.</summary>
    public IReadOnlyList<ToolSlot> Tools { get; } = [.. turn.Calls.Select((c, i) => new ToolSlot(i, c))];

    /// <summary>Whether every tool call has its result.</summary>
    public bool IsSettled => Tools.All(t => t.Stage == ToolStage.Ended);
}

/// <summary>Where a tool call is in its life.</summary>
public enum ToolStage
{
    /// <summary>The model asks for it.</summary>
    Requested,

    /// <summary>It runs.</summary>
    Begun,

    /// <summary>A person is asked.</summary>
    Asked,

    /// <summary>A person has allowed it.</summary>
    Approved,

    /// <summary>It has its result.</summary>
    Ended,
}

/// <summary>One tool call of a turn.</summary>
public sealed class ToolSlot(int index, RequestedCall request)
{
    /// <summary>Place in its turn.</summary>
    public int Index { get; } = index;

    /// <summary>What the model asks for.</summary>
    public RequestedCall Request { get; } = request;

    /// <summary>Where it is in its life.</summary>
    public ToolStage Stage { get; internal set; }

    /// <summary>What is asked of a person.</summary>
    public string? Question { get; internal set; }

    /// <summary>The result.</summary>
    public string? Result { get; internal set; }

    /// <summary>Whether the result says that it could not be done.</summary>
    public bool IsError { get; internal set; }
}
