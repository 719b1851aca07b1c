namespace Skep.Agents.Queries;

/// <summary>Makes a conversation shorter. What the task and its plan say stays: the system prompt with its pinned facts, and the first message.</summary>
internal static class Compaction
{
    /// <summary>Items at the end that stay as they are.</summary>
    public const int Kept = 4;

    /// <summary>Share of the window at which a conversation is made shorter.</summary>
    public const double FullAt = 0.8;

    private static readonly TranscriptCuts Cuts = new(Earlier: 4000, Said: 500, Arguments: 200, Result: 200);

    /// <summary>How many items, from the first on, may be replaced; 0 when there is nothing to gain.</summary>
    public static int Replaceable(QueryState state) => state.Items.Count - Kept is var count and > 1 ? count : 0;

    /// <summary>Leaves out without asking a model: what was said is cut, and of results only the beginning stays.</summary>
    public static Compacted? Shorten(QueryState state)
    {
        var items = Replaceable(state);
        if (items == 0) return null;
        var shorter = Replace(state, items, Transcript.Of(state, items, Cuts));
        return shorter.Summary.Length < state.Items.Take(items).Sum(Length) ? shorter : null;
    }

    /// <summary>Puts a short form in the place of what it stands for. It comes from what others wrote, too, and is framed as such.</summary>
    public static Compacted Replace(QueryState state, int items, string summary) => new(items, Head(state) + Untrusted.Wrap(Prompts.SummarySource, summary, int.MaxValue));

    /// <summary>What an earlier short form says, without the prompt and the frame around it.</summary>
    public static string Earlier(QueryState state, SaidItem item)
    {
        var head = Head(state);
        if (!item.Text.StartsWith(head, StringComparison.Ordinal)) return item.Text;
        var framed = item.Text.AsSpan(head.Length);
        var (from, to) = (framed.IndexOf('\n') + 1, framed.LastIndexOf('\n'));
        return to > from ? framed[from..to].ToString() : "";
    }

    private static string Head(QueryState state) => $"{state.Start!.Prompt}\n\n{Prompts.SummaryHead}";

    /// <summary>Characters, with about as many for what stands around the pieces as there are in the short form.</summary>
    private static int Length(QueryItem item) => item switch
    {
        SaidItem said => said.Text.Length + Around,
        TurnItem turn => turn.Turn.Text.Length + Around + turn.Tools.Sum(t => Around + t.Request.Tool.Length + t.Request.Arguments.Length + (t.Result?.Length ?? 0)),
        _ => 0,
    };

    private const int Around = 24;
}
