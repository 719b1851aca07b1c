using System.Text.Json;
using Skep.Orchestration.Hooks;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Orchestration.Coordination;

/// <summary>How far a run is: phases by state, who works on what, gates, messages that wait.</summary>
public static class Board
{
    /// <summary>Most lines of one kind.</summary>
    public const int MaxLines = 50;

    /// <summary>The board as JSON; without a run only agents, messages and claims.</summary>
    /// <param name="store">Where hooks and messages are.</param>
    /// <param name="state">The run's state, or null.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public static JsonElement Of(SqliteStore store, RunState? state, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var (waiting, claims, agents, progress) = store.Read(
            HookLedger.Module,
            sql => (MessageTable.Waiting(sql, MaxLines), ClaimTable.Held(sql, now), FactReader.Agents(sql, MaxLines), LastOf(sql)),
            ([], [], [], new Dictionary<string, Fact>()));
        return JsonBuild.Object(json =>
        {
            if (state is not null) WriteRun(json, state, progress);
            json.List("waiting", waiting, static (j, w) =>
            {
                j.WriteString("agent", w.Recipient);
                j.WriteNumber("unread", w.Unread);
            });
            json.List("claims", claims.Take(MaxLines), HookViews.WriteClaim);
            json.List("agents", agents, HookViews.WriteAgent);
        });
    }

    /// <summary>The last that was heard about each task, of the newest facts.</summary>
    private static Dictionary<string, Fact> LastOf(SqlSession sql)
    {
        var last = new Dictionary<string, Fact>(StringComparer.Ordinal);
        foreach (var fact in FactReader.Newest(sql, 1000))
            if (fact is { Task: { } task, Run: not null }) last.TryAdd($"{fact.Run}\0{task}", fact);
        return last;
    }

    private static void WriteRun(Utf8JsonWriter json, RunState state, Dictionary<string, Fact> progress)
    {
        var run = state.Info!.Run;
        json.WriteString("run", run);
        json.WriteString("status", state.Status.Name());
        var work = state.Nodes.Where(n => n.Node.Kind is NodeKind.Task or NodeKind.Gate && n.Items is null).ToList();
        json.List("phases", state.Plan.Phases.Select((p, i) => (Phase: p, Nodes: work.Where(n => n.Node.Phase == i).ToList())), static (j, p) => WritePhase(j, p.Phase, p.Nodes));
        json.List("working", work.Where(n => n.Status.IsInFlight()).Take(MaxLines), (j, n) => WriteWorker(j, n, progress.GetValueOrDefault($"{run}\0{n.Key}")));
        json.List("gates", work.Where(n => n.Gate is not null).Take(MaxLines), static (j, n) =>
        {
            j.WriteString("gate", n.Gate!.Id);
            j.WriteString("status", n.Status.Name());
            j.Maybe("reason", n.Reason);
        });
    }

    private static void WritePhase(Utf8JsonWriter json, Phase phase, List<NodeState> nodes)
    {
        json.WriteString("phase", phase.Id);
        json.WriteString("title", phase.Title ?? phase.Id);
        json.WriteNumber("total", nodes.Count);
        json.WriteNumber("succeeded", nodes.Count(n => n.Status == TaskStatus.Succeeded));
        json.WriteNumber("failed", nodes.Count(n => n.Status.IsFailure()));
        json.WriteNumber("skipped", nodes.Count(n => n.Status == TaskStatus.Skipped));
        json.WriteNumber("running", nodes.Count(n => n.Status.IsInFlight()));
    }

    private static void WriteWorker(Utf8JsonWriter json, NodeState node, Fact? last)
    {
        json.WriteString("task", node.Key);
        json.Maybe("agent", node.Current?.Agent);
        json.Moment("since", node.Current?.StartedAt?.ToUnixTimeMilliseconds());
        if (last is null) return;
        json.WriteString("last", last.Subject is null ? last.Kind : $"{last.Kind} {Text.Shorten(last.Subject, 120)}");
        json.Moment("lastAt", last.AtUnixMs);
    }
}
