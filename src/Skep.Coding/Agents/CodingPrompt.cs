using System.Text;
using Skep.Orchestration;

namespace Skep.Coding.Agents;

/// <summary>What a coding agent is told.</summary>
internal static class CodingPrompt
{
    /// <summary>The words that take an interrupted session up again.</summary>
    public const string GoOn = "Your work was interrupted and goes on now, in the same folder. Look at what is there already, then finish the task:\n\n";

    /// <summary>The words that let a session go on which was ended between two turns.</summary>
    public const string NextTurn = "Go on with the task where you have left off.";

    /// <summary>The prompt of an attempt.</summary>
    /// <param name="request">The attempt.</param>
    /// <param name="adapter">How the CLI is driven; one without arguments for it is told its system prompt here.</param>
    /// <param name="before">What is told first, or null.</param>
    /// <exception cref="CodingException">It is too long.</exception>
    public static string Of(AttemptRequest request, CodingAdapter adapter, string? before)
    {
        var text = new StringBuilder();
        if (adapter.System.Count == 0 && !string.IsNullOrWhiteSpace(request.Agent.SystemPrompt)) text.Append(request.Agent.SystemPrompt).Append("\n\n");
        if (before is not null) text.Append(before).Append("\n\n");
        text.Append(request.Prompt);
        List(text, "What must be true of the result:", request.Chat?.Acceptance);
        List(text, "Keep in mind:", request.Chat?.Pins);
        if (request.Chat?.OutputSchema is { } schema) text.Append("\n\nYour last message must be one JSON value of this schema, without anything around it:\n").Append(schema);
        return text.Length <= CodingLimits.MaxPrompt ? text.ToString()
            : throw new CodingException($"the prompt of task '{request.TaskId}' has {text.Length:N0} characters; at most {CodingLimits.MaxPrompt:N0} are allowed: put long texts into files of the repository");
    }

    private static void List(StringBuilder text, string title, IReadOnlyList<string>? items)
    {
        if (items is not { Count: > 0 }) return;
        text.Append("\n\n").Append(title);
        foreach (var item in items) text.Append("\n- ").Append(item);
    }
}
