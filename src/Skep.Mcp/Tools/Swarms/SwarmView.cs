using System.Text.Json;
using Skep.Mcp.Folder;
using Skep.Mcp.Tools.Runs;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Swarms;

/// <summary>A swarm with its agents and the state of its newest runs.</summary>
internal sealed record SwarmView(SwarmRecord Swarm, IReadOnlyList<AgentRecord> Agents, IReadOnlyList<RunState> Runs, IReadOnlyList<string> Live)
{
    /// <summary>Most runs of a swarm that are looked at.</summary>
    public const int MaxRuns = 50;

    public static async Task<SwarmView> OfAsync(FolderDesk desk, SwarmRecord swarm, CancellationToken cancel)
    {
        var book = new SwarmBook(desk);
        var (agents, runs) = (await book.AgentsAsync(swarm.Id, cancel), await book.RunsAsync(swarm.Id, cancel));
        List<RunState> states = [.. runs.Take(MaxRuns).Where(r => desk.Store.Find(r.Run) is not null).Select(r => RunReader.Load(desk.Store, desk.Blobs, r.Run))];
        return new SwarmView(swarm, agents, states, await RunLook.LiveAsync(desk, cancel));
    }

    /// <summary>Whether somebody works on a run now.</summary>
    public bool IsLive(RunState run) => Live.Contains(run.Info!.Run) && !run.Status.IsEnded();

    /// <summary>Whether an agent is at work now.</summary>
    public bool IsBusy(AgentRecord agent) => Runs.Where(IsLive).Any(r => r.Nodes.Any(n => n.Current?.Agent == agent.Id));
}

/// <summary>Swarms and agents as JSON.</summary>
internal static class SwarmFacts
{
    public static void Head(Utf8JsonWriter json, SwarmRecord swarm)
    {
        json.WriteString("swarmId", swarm.Id);
        json.WriteString("topology", swarm.Topology);
        json.WriteNumber("maxAgents", swarm.MaxAgents);
        json.WriteString("strategy", swarm.Strategy);
        json.Time("made_at", swarm.At);
    }

    public static void Agent(Utf8JsonWriter json, AgentRecord agent, bool? busy = null)
    {
        json.WriteString("agentId", agent.Id);
        json.WriteString("type", agent.Type);
        json.WriteString("name", agent.Name);
        json.Texts("capabilities", agent.Capabilities);
        json.WriteString("priority", agent.Priority);
        if (busy is { } at) json.WriteString("state", at ? "busy" : "idle");
        json.Time("spawned_at", agent.At);
    }
}
