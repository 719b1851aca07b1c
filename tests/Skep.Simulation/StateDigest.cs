using System.Globalization;
using System.Text;
using Skep.Orchestration;

namespace Skep.Simulation;

/// <summary>All that a log determines about a state, as text: two folds of one log must agree on every character.</summary>
internal static class StateDigest
{
    public static string Of(RunState state)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{state.Seq} {state.Status} {state.Reason} {state.Stopping} {state.StartedAt:O} {state.EndedAt:O} {state.Recoveries} {state.Downtime} {state.Degraded}\n");
        text.Append(CultureInfo.InvariantCulture, $"open {state.OpenNodes} assigned {state.AssignedCount} running {state.RunningCount} work {state.WorkTotal}/{state.WorkSettled}/{state.WorkFailed} dropped {state.Dropped.Count} proposed {state.ProposedExecutions}\n");
        foreach (var (name, metric) in state.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"metric {name} {metric}\n");
        foreach (var (key, value) in state.Memory.OrderBy(m => m.Key, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"memory {key} {value}\n");
        text.Append(CultureInfo.InvariantCulture, $"hooks {state.RunHooks} admitted {state.Admitted} unstored {state.MemoryPending}\n");
        foreach (var hook in state.Hooks.OrderBy(h => h.On, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"hook {hook}\n");
        foreach (var agent in state.Roster.Known.OrderBy(a => a.Name, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"agent {agent} {agent.Since:O} {agent.Work?.Key} {agent.Held} {agent.IsExtra} {agent.By} {agent.Reason}\n");
        foreach (var family in state.Roster.Families.OrderBy(x => x.Spec, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"agents of {family.Spec} {family.Capacity} {family.DrainingAtWork}\n");
        foreach (var node in state.Nodes.OrderBy(n => n.Key, StringComparer.Ordinal)) Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, NodeState node)
    {
        // When a wait is over is no event of the log; what it was is in the attempt before.
        var open = node.Status.IsSettled() ? -1 : node.OpenNeeds;
        text.Append(CultureInfo.InvariantCulture, $"{node.Key} {node.Status} paused={node.Paused} {node.SkipCause} '{node.Reason}' fails={node.Failures} losses={node.Losses} needs={open} tier={node.EffectiveTier} by={node.ProposedBy} items={node.OpenItems} settled={node.SettledAt:O}\n");
        foreach (var (key, value) in node.Outputs.OrderBy(o => o.Key, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"  {key}={value}\n");
        if (node.Waiver is { } waiver) text.Append(CultureInfo.InvariantCulture, $"  {waiver} {waiver.At:O}\n");
        foreach (var v in node.Votes) text.Append(CultureInfo.InvariantCulture, $"  vote {v.Role} {v.By} {v.Approved} {v.At:O}\n");
        foreach (var a in node.Attempts)
            text.Append(CultureInfo.InvariantCulture, $"  #{a.Number} {a.Agent} {a.AgentName} {a.AssignedAt:O} {a.StartedAt:O} {a.EndedAt:O} {a.Result?.Outcome} {a.Stop} {a.StopAt:O} {a.SuspendedSince:O} {a.Suspended} {a.Waits} {a.Stored} {a.Hooks}\n");
    }
}
