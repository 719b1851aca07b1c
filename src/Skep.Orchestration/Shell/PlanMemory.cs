using System.Text;
using Skep.Memory;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>
/// The folder's memory as plans see it: what a task writes is kept under <c>plan/PLAN/KEY</c>, and later runs of the same plan find it there.
/// </summary>
internal static class PlanMemory
{
    /// <summary>First part of the namespaces of plans.</summary>
    public const string Root = "plan";

    /// <summary>Where a key of a plan lies.</summary>
    public static string PathOf(string plan, string key) => $"{Root}/{plan}/{key}";

    /// <summary>
    /// The values that a run of the plan begins with: of keys that its expressions name or its tasks read. They are recorded when it starts,
    /// so that whoever takes the run up again sees the same.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Read(Plan plan, MemoryStore memory)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in HostValues.MemberNames(plan, "memory").Concat(plan.Tasks.SelectMany(t => t.Reads)).Distinct(StringComparer.Ordinal))
            if (Find(memory, PathOf(plan.Name, key)) is { Text: { Length: <= AnswerBounds.MaxOutputChars } text }) values[key] = text;
        return values;
    }

    /// <summary>Stores what an attempt wrote. Returns null when it is on disk, else why it is not.</summary>
    public static async Task<string?> StoreAsync(MemoryStore memory, PlanWrites writes, CancellationToken cancel)
    {
        try
        {
            foreach (var (key, value) in writes.Values)
            {
                var request = new StoreRequest(PathOf(writes.Plan, key), Encoding.UTF8.GetBytes(value)) { Author = writes.Author };
                // Done before, by a process that ended before it could say so: a second store would only count the version up.
                if (Find(memory, request.Path) is { } there && there.Author == request.Author && there.Text == value) continue;
                await memory.StoreAsync(request, cancel);
            }

            return null;
        }
        catch (MemoryException e)
        {
            return e.Message;
        }
    }

    private static MemoryEntry? Find(MemoryStore memory, string path)
    {
        try
        {
            return memory.Get(path);
        }
        catch (MemoryException)
        {
            // A key that no entry can have names nothing.
            return null;
        }
    }
}

/// <summary>What an attempt wrote.</summary>
/// <param name="Plan">Name of the plan.</param>
/// <param name="Values">Values by key.</param>
/// <param name="Author">Who wrote them.</param>
internal sealed record PlanWrites(string Plan, IReadOnlyList<(string Key, string Value)> Values, MemoryAuthor Author)
{
    /// <summary>Read on the queen's thread.</summary>
    public static PlanWrites Of(RunState state, NodeState node)
    {
        var attempt = node.Attempts[^1];
        return new PlanWrites(
            state.Plan.Name,
            [.. node.Task!.Writes.Where(node.Outputs.ContainsKey).Select(k => (k, node.Outputs[k]))],
            new MemoryAuthor(attempt.AgentName ?? attempt.Agent, $"{node.Key}/{attempt.Number}", state.Info!.Run));
    }
}
