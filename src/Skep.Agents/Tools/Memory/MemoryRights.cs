using Skep.Memory;
using Skep.Orchestration;

namespace Skep.Agents.Tools;

/// <summary>
/// Which part of the memory an agent may see and change. The plan's <c>memory</c> of its spec says so; without one an agent reads and writes
/// <c>swarm/NAME/</c>, and reads what the plan's tasks left (<c>plan/PLAN/</c>).
/// </summary>
internal sealed class MemoryRights
{
    private readonly IReadOnlyList<MemoryPrefix> _read;
    private readonly IReadOnlyList<MemoryPrefix> _write;

    private MemoryRights(IReadOnlyList<MemoryPrefix> read, IReadOnlyList<MemoryPrefix> write) => (_read, _write) = (read, write);

    /// <summary>The rights of an attempt's agent. What the plan names wrongly grants nothing.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="plan">Name of its plan, or null when that is not known.</param>
    public static MemoryRights Of(AttemptRequest attempt, string? plan)
    {
        if (attempt.Agent.MemoryScope.Count > 0)
        {
            var scope = Prefixes(attempt.Agent.MemoryScope);
            return new MemoryRights(scope, scope);
        }

        var own = Prefixes([Folder("swarm", attempt.AgentName)]);
        return new MemoryRights([.. own, .. Prefixes(plan is null ? [] : [Folder("plan", plan)])], own);
    }

    /// <summary>The parts that may be seen, for the model.</summary>
    public string Readable => Shown(_read);

    /// <summary>The parts that may be changed, for the model.</summary>
    public string Writable => Shown(_write);

    /// <summary>What may be seen.</summary>
    public IReadOnlyList<MemoryPrefix> Read => _read;

    /// <exception cref="ToolRefusal">The entry may not be seen.</exception>
    /// <exception cref="MemoryException">It is no valid path.</exception>
    public string RequireRead(string path)
    {
        var full = MemoryPath.Parse(path).Full;
        return _read.Any(p => p.Contains(full)) ? full : throw new ToolRefusal($"'{full}' is not yours to read; you may read {Readable}");
    }

    /// <exception cref="ToolRefusal">The entry may not be changed.</exception>
    /// <exception cref="MemoryException">It is no valid path.</exception>
    public string RequireWrite(string path)
    {
        var full = MemoryPath.Parse(path).Full;
        return _write.Any(p => p.Contains(full)) ? full : throw new ToolRefusal($"'{full}' is not yours to write; you may write {Writable}");
    }

    /// <exception cref="ToolRefusal">Not all that the prefix names may be seen.</exception>
    /// <exception cref="MemoryException">It is no valid prefix.</exception>
    public MemoryPrefix RequireRead(MemoryPrefix prefix) =>
        prefix.Ranges.All(asked => _read.Any(p => p.Ranges.Any(r => IsWithin(asked, r)))) ? prefix : throw new ToolRefusal($"'{prefix.Text}' is not all yours to see; you may see {Readable}");

    private static bool IsWithin(PathRange inner, PathRange outer) => string.CompareOrdinal(inner.From, outer.From) >= 0 && string.CompareOrdinal(inner.To, outer.To) <= 0;

    private static string? Folder(string space, string name) => name.Length > 0 && !name.Contains('/') && !name.Contains('*') && name != "." && name != ".." ? $"{space}/{name}/" : null;

    private static List<MemoryPrefix> Prefixes(IEnumerable<string?> texts)
    {
        var prefixes = new List<MemoryPrefix>();
        foreach (var text in texts)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            try
            {
                prefixes.Add(MemoryPrefix.Parse(text));
            }
            catch (MemoryException)
            {
                // A slip in a plan must not open what it was to close.
            }
        }

        return prefixes;
    }

    private static string Shown(IReadOnlyList<MemoryPrefix> prefixes) => prefixes.Count == 0 ? "nothing" : string.Join(", ", prefixes.Select(p => $"'{(p.Text.EndsWith('/') ? p.Text + "*" : p.Text)}'"));
}
