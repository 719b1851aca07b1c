using System.Text;

namespace Skep.Agents.Queries;

/// <summary>Makes a conversation shorter. What the task and its plan say stays: the system prompt with its pinned facts, and the first message.</summary>
internal static class Compaction
{
    /// <summary>Items at the end that stay as they are.</summary>
    public const int Kept = 4;

    /// <summary>Share of the window at which a conversation is made shorter.</summary>
    public const double FullAt = 0.8;

    private const int MaxSaid = 500, MaxArguments = 200, MaxResult = 200;

    /// <summary>How many items, from the first on, may be replaced; 0 when there is nothing to gain.</summary>
    public static int Replaceable(QueryState state) => state.Items.Count - Kept is var count and > 1 ? count : 0;

    /// <summary>Leaves out without asking a model: what was said is cut, and of results only the beginning stays.</summary>
    public static Compacted? Shorten(QueryState state)
    {
        var items = Replaceable(state);
        if (items == 0) return null;
        var text = Head(state);
        foreach (var item in state.Items.Take(items).Skip(1)) Add(text, item);
        var before = state.Items.Take(items).Sum(Length);
        return text.Length < before ? new Compacted(items, text.ToString()) : null;
    }

    /// <summary>Puts a model's summary in the place of what it sums up.</summary>
    public static Compacted Replace(QueryState state, int items, string summary) => new(items, Head(state).Append(summary).ToString());

    private static StringBuilder Head(QueryState state) => new StringBuilder(state.Start!.Prompt).Append("\n\n").Append(Prompts.SummaryHead);

    private static void Add(StringBuilder text, QueryItem item)
    {
        if (item is SaidItem said) text.Append(said.By).Append(" said: ").AppendLine(Cut(said.Text, MaxSaid));
        if (item is not TurnItem turn) return;
        if (turn.Turn.Text.Length > 0) text.Append("You said: ").AppendLine(Cut(turn.Turn.Text, MaxSaid));
        foreach (var tool in turn.Tools)
            text.Append("You called ").Append(tool.Request.Tool).Append(' ').Append(Cut(tool.Request.Arguments, MaxArguments)).Append(tool.IsError ? ", which failed: " : " and got: ").AppendLine(Cut(tool.Result ?? "", MaxResult));
    }

    private static int Length(QueryItem item) => item switch
    {
        SaidItem said => said.Text.Length,
        TurnItem turn => turn.Turn.Text.Length + turn.Tools.Sum(t => t.Request.Arguments.Length + (t.Result?.Length ?? 0)),
        _ => 0,
    };

    private static string Cut(string text, int max) => text.Length <= max ? text : $"{text.AsSpan(0, max)}… [{text.Length - max} more characters]";
}
