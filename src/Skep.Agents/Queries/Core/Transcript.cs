using System.Text;

namespace Skep.Agents.Queries;

/// <summary>The beginning of a conversation as plain text.</summary>
internal static class Transcript
{
    /// <summary>The first items, the prompt left out: whoever uses the text says it anyway.</summary>
    public static string Of(QueryState state, int items, TranscriptCuts cuts)
    {
        var text = new StringBuilder();
        for (var i = 0; i < items; i++)
        {
            if (state.Items[i] is SaidItem { By: QueryCore.SummaryBy } earlier) text.AppendLine(Middle(Compaction.Earlier(state, earlier), cuts.Earlier));
            else if (i > 0) Add(text, state.Items[i], cuts);
        }

        return text.ToString();
    }

    /// <summary>A text of at most so many characters: the middle is left out.</summary>
    public static string Middle(string text, int max)
    {
        if (text.Length <= max) return text;
        var (from, to) = (Start(text, max / 2), text.Length - max / 2);
        if (char.IsLowSurrogate(text[to])) to++;
        return $"{text.AsSpan(0, from)}… [{to - from} characters left out] …{text.AsSpan(to)}";
    }

    private static void Add(StringBuilder text, QueryItem item, TranscriptCuts cuts)
    {
        if (item is SaidItem said) text.Append(said.By).Append(" said: ").AppendLine(Cut(said.Text, cuts.Said));
        if (item is not TurnItem turn) return;
        if (turn.Turn.Text.Length > 0) text.Append("You said: ").AppendLine(Cut(turn.Turn.Text, cuts.Said));
        foreach (var tool in turn.Tools)
            text.Append("You called ").Append(tool.Request.Tool).Append(' ').Append(Cut(tool.Request.Arguments, cuts.Arguments)).Append(tool.IsError ? ", which failed: " : " and got: ").AppendLine(Cut(tool.Result ?? "", cuts.Result));
    }

    private static string Cut(string text, int max) => text.Length <= max ? text : $"{text.AsSpan(0, Start(text, max))}… [{text.Length - Start(text, max)} more characters]";

    /// <summary>So many characters, and no half of one that has two.</summary>
    private static int Start(string text, int max) => max > 0 && char.IsHighSurrogate(text[max - 1]) ? max - 1 : max;
}

/// <summary>Longest pieces of a transcript, in characters.</summary>
/// <param name="Earlier">What an earlier short form says.</param>
/// <param name="Said">What is said.</param>
/// <param name="Arguments">Arguments of a tool call.</param>
/// <param name="Result">Its result.</param>
internal readonly record struct TranscriptCuts(int Earlier, int Said, int Arguments, int Result);
