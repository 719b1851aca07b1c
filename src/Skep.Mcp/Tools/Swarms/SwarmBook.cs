using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Mcp.Folder;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Swarms;

/// <summary>
/// The swarms of a folder, as entries of memory: <c>skep/swarms/SWARM</c>, <c>skep/swarm-agents/SWARM/AGENT</c> and <c>skep/swarm-runs/SWARM/RUN</c>.
/// What is written is durable when a method returns.
/// </summary>
internal sealed class SwarmBook(FolderDesk desk)
{
    /// <summary>Most agents of a swarm.</summary>
    public const int MaxAgents = 100;

    /// <summary>Most swarms, agents or runs that are read at once.</summary>
    private const int MaxRecords = 1_000;

    private const string SwarmSpace = "skep/swarms";
    private const string AgentSpace = "skep/swarm-agents";
    private const string RunSpace = "skep/swarm-runs";

    /// <summary>Names and numbers of agents are given out one call at a time.</summary>
    private static readonly SemaphoreSlim Spawning = new(1);

    /// <summary>Makes a swarm.</summary>
    public async Task<SwarmRecord> MakeAsync(string topology, int maxAgents, string strategy, CancellationToken cancel)
    {
        var swarm = new SwarmRecord("swarm-" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 8), topology, maxAgents, strategy, desk.Now);
        await StoreAsync($"{SwarmSpace}/{swarm.Id}", swarm, SwarmJson.Default.SwarmRecord, cancel);
        return swarm;
    }

    /// <summary>All swarms, newest first.</summary>
    public async Task<IReadOnlyList<SwarmRecord>> AllAsync(CancellationToken cancel) =>
        [.. (await ListAsync(SwarmSpace, SwarmJson.Default.SwarmRecord, cancel)).OrderByDescending(s => s.At)];

    /// <summary>The swarm of an id, or the newest; null when there is none at all.</summary>
    /// <exception cref="ToolFault">There is none of that id.</exception>
    public async Task<SwarmRecord?> FindAsync(string? id, CancellationToken cancel)
    {
        var all = await AllAsync(cancel);
        if (id is null) return all.Count > 0 ? all[0] : null;
        return all.FirstOrDefault(s => s.Id == id)
            ?? throw new ToolFault($"there is no swarm '{Text.Shorten(id, 64)}'; {(all.Count == 0 ? "swarm_init makes one" : $"there are: {string.Join(", ", all.Take(5).Select(s => s.Id))}")}");
    }

    /// <summary>Its agents, in the order in which they were spawned.</summary>
    public async Task<IReadOnlyList<AgentRecord>> AgentsAsync(string swarm, CancellationToken cancel) =>
        [.. (await ListAsync($"{AgentSpace}/{swarm}", SwarmJson.Default.AgentRecord, cancel)).OrderBy(a => a.At).ThenBy(a => a.Id, StringComparer.Ordinal)];

    /// <summary>Its runs, newest first.</summary>
    public async Task<IReadOnlyList<SwarmRunRecord>> RunsAsync(string swarm, CancellationToken cancel) =>
        [.. (await ListAsync($"{RunSpace}/{swarm}", SwarmJson.Default.SwarmRunRecord, cancel)).OrderByDescending(r => r.At)];

    /// <summary>Adds agents, all or none of them: names and room are checked before the first is written.</summary>
    /// <exception cref="ToolFault">A name is taken, or the swarm is full.</exception>
    public async Task<IReadOnlyList<AgentRecord>> SpawnAsync(SwarmRecord swarm, IReadOnlyList<AgentWish> wishes, CancellationToken cancel)
    {
        await Spawning.WaitAsync(cancel);
        try
        {
            var there = (await AgentsAsync(swarm.Id, cancel)).Select(a => a.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (there.Count + wishes.Count > swarm.MaxAgents) throw new ToolFault($"swarm {swarm.Id} has {there.Count} of at most {swarm.MaxAgents} agents, so {wishes.Count} more do not fit; swarm_init with a larger maxAgents makes a larger one");
            List<AgentRecord> agents = [.. wishes.Select(w => new AgentRecord(IdOf(w, there), w.Type, w.Name ?? w.Type, w.Capabilities, w.Priority, desk.Now))];
            // Together: the store's writer makes one sync of them.
            await Task.WhenAll(agents.Select(a => StoreAsync($"{AgentSpace}/{swarm.Id}/{a.Id}", a, SwarmJson.Default.AgentRecord, cancel)));
            return agents;
        }
        finally
        {
            Spawning.Release();
        }
    }

    /// <summary>Changes how many agents a swarm may have.</summary>
    public Task ResizeAsync(SwarmRecord swarm, int maxAgents, CancellationToken cancel) =>
        StoreAsync($"{SwarmSpace}/{swarm.Id}", swarm with { MaxAgents = maxAgents }, SwarmJson.Default.SwarmRecord, cancel, exists: true);

    /// <summary>Forgets a swarm and its agents. Returns how many agents it had.</summary>
    public async Task<int> ForgetAsync(SwarmRecord swarm, CancellationToken cancel)
    {
        var agents = await AgentsAsync(swarm.Id, cancel);
        if (agents.Count > 0) await desk.WriteAsync(MemoryOps.Delete, new MemoryArgs { Prefix = $"{AgentSpace}/{swarm.Id}/" }, cancel);
        if ((await RunsAsync(swarm.Id, cancel)).Count > 0) await desk.WriteAsync(MemoryOps.Delete, new MemoryArgs { Prefix = $"{RunSpace}/{swarm.Id}/" }, cancel);
        await desk.WriteAsync(MemoryOps.Delete, new MemoryArgs { Path = $"{SwarmSpace}/{swarm.Id}" }, cancel);
        return agents.Count;
    }

    /// <summary>Notes a run of a swarm.</summary>
    public Task NoteRunAsync(string swarm, SwarmRunRecord run, CancellationToken cancel) =>
        StoreAsync($"{RunSpace}/{swarm}/{run.Run}", run, SwarmJson.Default.SwarmRunRecord, cancel, exists: true);

    private static string IdOf(AgentWish wish, HashSet<string> taken)
    {
        if (wish.Name is { } name)
        {
            var id = Slug(name);
            return taken.Add(id) ? id : throw new ToolFault($"there is an agent '{id}' already; choose another name");
        }

        for (var n = 1; ; n++)
            if (taken.Add($"{wish.Type}-{n}")) return $"{wish.Type}-{n}";
    }

    /// <summary>An id of plans: letters, digits, '_' and '-'.</summary>
    private static string Slug(string name)
    {
        var id = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-')).Trim('-', '_');
        return id.Length > 0 ? id[..Math.Min(id.Length, 48)] : throw new ToolFault($"'{Text.Shorten(name, 40)}' cannot name an agent: use ASCII letters and digits");
    }

    private Task<MemoryWriteMessage> StoreAsync<T>(string path, T record, JsonTypeInfo<T> type, CancellationToken cancel, bool exists = false) => desk.WriteAsync(
        MemoryOps.Store,
        new MemoryArgs { Path = path, Text = JsonSerializer.Serialize(record, type), Type = "json", IfVersion = exists ? null : 0, Agent = desk.Settings.By },
        cancel);

    private async Task<List<T>> ListAsync<T>(string space, JsonTypeInfo<T> type, CancellationToken cancel) where T : class
    {
        var found = new List<T>();
        string? after = null;
        do
        {
            var page = (await desk.ReadAsync(MemoryOps.List, new MemoryArgs { Prefix = space + "/", After = after, Limit = 500, Values = true }, MemoryJson.Default.MemoryPageMessage, cancel))!;
            foreach (var entry in page.Entries)
                if (Read(entry.Text, type) is { } record) found.Add(record);
            after = page.Next;
        }
        while (after is not null && found.Count < MaxRecords);
        return found;
    }

    /// <summary>Memory is open to all: what somebody else has put there is passed over.</summary>
    private static T? Read<T>(string? text, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An agent that somebody wants.</summary>
/// <param name="Type">What it shall be.</param>
/// <param name="Name">Its name, or null for one made of its type.</param>
/// <param name="Capabilities">Tags.</param>
/// <param name="Priority">low, medium, high or critical.</param>
internal sealed record AgentWish(string Type, string? Name, IReadOnlyList<string> Capabilities, string Priority);
