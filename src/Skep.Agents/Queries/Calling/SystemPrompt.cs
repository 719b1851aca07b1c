using System.Text;
using Skep.Memory;
using Skep.Orchestration;
using Skep.Plans;

namespace Skep.Agents.Queries;

/// <summary>What a model is told before its task: who it is, what counts, what it may rely on.</summary>
internal static class SystemPrompt
{
    /// <summary>Most characters of memory that are shown; the rest is named.</summary>
    public const int MaxMemory = 32 * 1024;

    /// <summary>Most entries of a namespace that are shown.</summary>
    public const int MaxEntries = 100;

    /// <summary>The prompt for an attempt. Memory is read once, when the query begins.</summary>
    public static string Of(AttemptRequest request, MemoryStore memory)
    {
        var (agent, brief) = (request.Agent, request.Chat);
        var text = new StringBuilder();
        text.Append("You are ").Append(request.AgentName).Append(", one agent of a swarm that works on the plan '").Append(brief?.Plan).Append("'.");
        if (agent.Role is { } role) text.Append(" Your role: ").Append(role.Trim()).Append('.');
        text.AppendLine();
        if (brief?.Goal is { } goal) text.Append("The plan's goal: ").AppendLine(goal);
        if (agent.SystemPrompt is { } own) text.AppendLine().AppendLine(own.Trim());
        if (agent.CognitivePattern is { } pattern) text.AppendLine().AppendLine(Thinking(pattern));
        Add(text, "Your work is accepted when:", brief?.Acceptance);
        Add(text, "Facts that you can rely on:", brief?.Pins);
        if (brief?.OutputSchema is { } schema) text.AppendLine().Append("Your last answer must be one JSON value, and nothing else, that fits this schema: ").AppendLine(schema);
        AddMemory(text, request, memory);
        text.AppendLine().Append(Rules);
        return text.ToString();
    }

    private const string Rules =
        "Do the task of the first message yourself, with your tools; nobody answers questions in between. When you are done, answer without calling a tool: that answer is handed on. "
        + Untrusted.Explanation;

    private static string Thinking(CognitivePattern pattern) => pattern switch
    {
        CognitivePattern.Convergent => "Narrow down: weigh what there is and come to the one best answer.",
        CognitivePattern.Divergent => "Bring up many different answers before you judge any of them.",
        CognitivePattern.Lateral => "Come at the question from unusual sides before you take the obvious one.",
        CognitivePattern.Systems => "Look at the whole: its parts, how they act on each other, and what feeds back.",
        CognitivePattern.Critical => "Doubt claims and evidence; look for what would refute them, and say how sure you are.",
        CognitivePattern.Abstract => "Look for the general rule behind the cases, and test it on them.",
        _ => "Choose your way of thinking as the work asks for it: widen first, then narrow down, and doubt the result.",
    };

    private static void Add(StringBuilder text, string head, IReadOnlyList<string>? lines)
    {
        if (lines is not { Count: > 0 }) return;
        text.AppendLine().AppendLine(head);
        foreach (var line in lines) text.Append("- ").AppendLine(line);
    }

    private static void AddMemory(StringBuilder text, AttemptRequest request, MemoryStore memory)
    {
        var entries = request.Chat?.Context.SelectMany(pattern => Entries(pattern, request.Chat.Plan, memory)).DistinctBy(e => e.Path, StringComparer.Ordinal).ToList();
        if (entries is not { Count: > 0 }) return;
        text.AppendLine().AppendLine("From the swarm's memory:");
        var left = MaxMemory;
        foreach (var entry in entries)
        {
            left -= entry.Text.Length;
            text.AppendLine(left >= 0 ? Untrusted.Wrap($"memory {entry.Path}", entry.Text) : $"(memory {entry.Path} is not shown, for its length)");
        }
    }

    private static IEnumerable<MemoryEntry> Entries(string pattern, string plan, MemoryStore memory)
    {
        if (pattern.EndsWith("/*", StringComparison.Ordinal)) return memory.List(pattern[..^1], limit: MaxEntries, withValues: true).Entries;
        // A bare key is one of the plan's own, as in 'reads'.
        return memory.Get(pattern.Contains('/', StringComparison.Ordinal) ? pattern : $"plan/{plan}/{pattern}") is { } entry ? [entry] : [];
    }
}
