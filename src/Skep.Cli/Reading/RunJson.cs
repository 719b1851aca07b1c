using System.Text.Json;

namespace Skep.Cli.Reading;

/// <summary>A run's state as JSON.</summary>
internal static class RunJson
{
    public static string Of(RunState state) => JsonText.Of(json =>
    {
        var info = state.Info!;
        json.WriteStartObject();
        json.WriteString("run", info.Run);
        json.WriteString("plan", info.Plan);
        json.WriteString("status", state.Status.Name());
        json.WriteText("reason", state.Reason);
        if (state.Degraded) json.WriteBoolean("degraded", true);
        Planned(json, PlannedWork.Of(state));
        json.WriteTime("started_at", state.StartedAt);
        json.WriteTime("ended_at", state.EndedAt);
        json.WriteNumber("downtime_seconds", state.Downtime.TotalSeconds);
        json.WriteNumber("recoveries", state.Recoveries);
        json.WriteNumber("seq", state.Seq);
        json.WriteNumber("max_concurrency", state.MaxConcurrency);
        json.WriteText("plan_file", info.PlanFile);
        json.WriteString("workspace", info.Workspace);
        json.WriteString("run_directory", info.RunDirectory);
        json.WriteStartObject("vars");
        foreach (var (name, value) in info.Vars) json.WriteString(name, value);
        json.WriteEndObject();
        Phases(json, state);
        Nodes(json, "tasks", state.Nodes.Where(n => n.Task is not null));
        Nodes(json, "gates", state.Nodes.Where(n => n.Gate is not null));
        Metrics(json, state);
        Hooks(json, state);
        json.WriteEndObject();
    });

    private static void Planned(Utf8JsonWriter json, PlannedWork planned)
    {
        if (!planned.Any) return;
        json.WriteStartObject("planned");
        json.WriteNumber("tasks", planned.Tasks);
        json.WriteNumber("tasks_that_need_them", planned.Needing);
        json.WriteNumber("gates", planned.Gates);
        json.WriteBoolean("nothing_carried_out", planned.Nothing);
        json.WriteEndObject();
    }

    private static void Phases(Utf8JsonWriter json, RunState state)
    {
        json.WriteStartArray("phases");
        for (var i = 0; i < state.Plan.Phases.Count; i++)
        {
            var end = state.Phase(i, end: true);
            json.WriteStartObject();
            json.WriteString("id", state.Plan.Phases[i].Id);
            json.WriteString("status", end.StateName());
            json.WriteText("reason", end.Reason);
            json.WriteTime("settled_at", end.SettledAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Nodes(Utf8JsonWriter json, string name, IEnumerable<NodeState> nodes)
    {
        json.WriteStartArray(name);
        foreach (var node in nodes) Node(json, node);
        json.WriteEndArray();
    }

    private static void Node(Utf8JsonWriter json, NodeState node)
    {
        json.WriteStartObject();
        json.WriteString("id", node.Gate?.Id ?? node.Key);
        json.WriteText("title", node.Task?.Title ?? node.Gate?.Title);
        json.WriteString("phase", node.Task?.Phase ?? node.Gate!.Phase);
        json.WriteString("status", node.StateName());
        json.WriteText("proposed_by", node.ProposedBy ?? node.Parent?.ProposedBy);
        if (node.Paused) json.WriteBoolean("paused", true);
        if (node.SkipCause != SkipCause.None) json.WriteString("skip_cause", node.SkipCause.ToString().ToLowerInvariant());
        json.WriteText("reason", node.Reason);
        json.WriteTime("settled_at", node.SettledAt);
        if (node.Items is { } items) json.WriteNumber("items", items.Count);
        if (node.Gate?.Approval is { } rule) Approval(json, node, rule);
        if (node.Waiver is { } waiver) Waiver(json, waiver);
        json.WriteStartObject("outputs");
        foreach (var (key, value) in node.Outputs) json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteStartArray("attempts");
        foreach (var attempt in node.Attempts) Attempt(json, attempt);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Approval(Utf8JsonWriter json, NodeState node, ApprovalCheck rule)
    {
        json.WriteStartObject("approval");
        json.WriteNumber("at_least", rule.AtLeast);
        json.WriteStartArray("awaited");
        foreach (var role in node.Current is null ? [] : Approvals.Awaited(rule, node.Votes)) json.WriteStringValue(role);
        json.WriteEndArray();
        json.WriteStartArray("votes");
        foreach (var vote in node.Votes)
        {
            json.WriteStartObject();
            json.WriteString("role", vote.Role);
            json.WriteString("by", vote.By);
            json.WriteBoolean("approved", vote.Approved);
            json.WriteString("text", vote.Text);
            json.WriteTime("at", vote.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Waiver(Utf8JsonWriter json, GateWaiver waiver)
    {
        json.WriteStartObject("waiver");
        json.WriteString("by", waiver.By);
        json.WriteString("reason", waiver.Reason);
        json.WriteTime("at", waiver.At);
        json.WriteEndObject();
    }

    private static void Attempt(Utf8JsonWriter json, AttemptState attempt)
    {
        json.WriteStartObject();
        json.WriteNumber("number", attempt.Number);
        json.WriteText("agent", attempt.AgentName ?? (attempt.Agent.Length > 0 ? attempt.Agent : null));
        json.WriteTime("started_at", attempt.StartedAt);
        json.WriteTime("ended_at", attempt.EndedAt);
        if (attempt.EndedAt is { } end) json.WriteNumber("seconds", Math.Round(attempt.Duration(end).TotalSeconds, 3));
        if (attempt.Hooks.Calls > 0) Hooks(json, attempt.Hooks);
        if (attempt.Result is { } result) Result(json, result);
        json.WriteEndObject();
    }

    private static void Hooks(Utf8JsonWriter json, HookSums hooks)
    {
        json.WriteStartObject("hooks");
        json.WriteNumber("calls", hooks.Calls);
        json.WriteNumber("failures", hooks.Failures);
        json.WriteNumber("seconds", Math.Round(hooks.ElapsedMs / 1000.0, 3));
        json.WriteText("trouble", hooks.Trouble);
        json.WriteEndObject();
    }

    private static void Hooks(Utf8JsonWriter json, RunState state)
    {
        if (state.Hooks.Count == 0) return;
        json.WriteStartArray("hooks");
        foreach (var hook in state.Hooks.OrderBy(h => h.On, StringComparer.Ordinal).ThenBy(h => h.Command, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("on", hook.On);
            json.WriteString("command", hook.Command);
            json.WriteNumber("calls", hook.Calls);
            json.WriteNumber("failures", hook.Failures);
            json.WriteNumber("blocks", hook.Blocks);
            json.WriteNumber("seconds", Math.Round(hook.ElapsedMs / 1000.0, 3));
            json.WriteText("trouble", hook.Trouble);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Result(Utf8JsonWriter json, AttemptResult result)
    {
        json.WriteString("outcome", result.Outcome == AttemptOutcome.TimedOut ? "timed-out" : result.Outcome.ToString().ToLowerInvariant());
        if (result.ExitCode is { } code) json.WriteNumber("exit_code", code);
        json.WriteText("error", result.Error);
        json.WriteText("evidence", result.Evidence);
        json.WriteText("log_file", result.LogFile);
        if (result.CpuMs is { } cpu) json.WriteNumber("cpu_ms", cpu);
        if (result.PeakRssBytes is { } memory) json.WriteNumber("peak_rss_bytes", memory);
        json.WriteStartArray("artifacts");
        foreach (var artifact in result.Artifacts)
        {
            json.WriteStartObject();
            json.WriteString("name", artifact.Name);
            json.WriteString("sha256", artifact.Sha256);
            json.WriteNumber("bytes", artifact.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Metrics(Utf8JsonWriter json, RunState state)
    {
        json.WriteStartArray("metrics");
        foreach (var metric in state.Metrics.Values.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", metric.Name);
            json.WriteNumber("value", metric.Value);
            json.WriteText("task", metric.Task);
            json.WriteTime("at", metric.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
