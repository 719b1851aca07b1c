using System.Text.Json;
using Skep.Orchestration.Coordination;

namespace Skep.Orchestration.Hooks;

public sealed partial class HooksFamily
{
    /// <summary>Share of a bound from which on the memory counts as nearly full.</summary>
    private const double NearlyFull = 0.9;

    /// <summary>The namespace of a task's temporary memory.</summary>
    private const string Temporary = "temp";

    private async Task<JsonElement> PreTaskAsync(HookCall call, CancellationToken cancel)
    {
        var answer = new HookAnswer(call);
        answer.Recorded(await ledger.RecordAsync(call.Fact(call.Flags.Text("description"), null, "description"), cancel));
        var now = ledger.Now;
        var owns = ledger.Live.Tasks.FirstOrDefault(t => t.Run == call.Run && t.Task == call.Task)?.Owns ?? [];
        var claims = ledger.Read(sql => ClaimTable.Held(sql, now), []);
        foreach (var claim in claims.Where(c => c.Holder != call.Agent && owns.Any(o => ClaimRule.Normal(o, out _) is { } glob && ClaimRule.Overlap(glob, c.Glob))))
            answer.Note($"files that the task owns are claimed by {claim.Holder} ({claim.Glob}): agree with {claim.Holder} first");
        var scope = call.Task is { } task ? FactScope.Task(task) : call.Agent is { } agent ? FactScope.Agent(agent) : (FactScope?)null;
        var (unread, keys) = ledger.Read(
            sql => (call.Agent is { } to ? MessageTable.Unread(sql, to) : 0, scope is { } mine ? FactReader.MemoryPaths(sql, mine, LedgerLimits.MaxListed) : []), (0L, (List<string>)[]));
        answer.Add(json =>
        {
            json.Maybe("task", call.Task);
            json.WriteNumber("unread", unread);
            json.List("memory", keys);
            json.List("claims", claims.Take(LedgerLimits.MaxListed), HookViews.WriteClaim);
        });
        if (call.Flags.IsOn("validate-memory")) CheckMemory(answer);
        if (call.Flags.IsOn("agent-health-check") || call.Flags.Number("required-agents") is not null) CheckAgents(call, answer, now);
        return answer.ToJson();
    }

    private async Task<JsonElement> PostTaskAsync(HookCall call, CancellationToken cancel)
    {
        if (call.Task is not { } task) throw new RequestException(RequestCodes.BadRequest, $"'{call.Hook.Name}' needs --task-id, or SKEP_TASK_ID: say which task has ended");
        var answer = new HookAnswer(call);
        if (call.Flags.Number("quality") is < 0 or > 1) throw new RequestException(RequestCodes.BadRequest, "--quality is a number from 0 to 1, such as 0.9");
        if (call.Flags.Number("duration") is { } took && call.Flags.Number("latency-budget-ms") is { } budget && took > budget) answer.Note($"it took {took:0} ms, more than the {budget:0} ms that were to be used");
        var path = call.Flags.IsOn("store-results") ? MemoryKeys.Of("tasks", task) + "/result" : null;
        var fact = call.Fact(call.Flags.Text("task"), null, "task") with { Success = call.Flags.Switch("success") ?? true, Memory = path };
        var released = new List<Claim>();
        void Also(Storage.SqlSession sql)
        {
            // The group that this belongs to may be run again from its start.
            released.Clear();
            released.AddRange(ClaimTable.ReleaseTask(sql, task, call.Run));
            if (call.Flags.IsOn("notify-lead")) TellLead(sql, call, task, fact.Success == true);
        }

        var recorded = path is null
            ? await ledger.RecordAsync(fact, cancel, (sql, _) => Also(sql))
            : await ledger.RecordAsync(fact, made => EntryOf(call, path, made, json => json.Maybe("success", fact.Success)), cancel, (sql, _) => Also(sql));
        answer.Recorded(recorded);
        if (call.Flags.IsOn("notify-lead")) ledger.Signal.Set();
        if (call.Flags.IsOn("memory-cleanup"))
        {
            var removed = await ledger.Memory.DeletePrefixAsync(MemoryKeys.Of(Temporary, task) + "/", cancel);
            answer.Add(json => json.WriteNumber("temporaryRemoved", removed));
        }

        answer.Add(json =>
        {
            json.WriteString("task", task);
            json.Maybe("success", fact.Success);
            json.List("released", released, HookViews.WriteClaim);
            json.Maybe("memory", path);
        });
        if (call.Flags.IsOn("analyze-performance")) Analyse(call, answer, task);
        return answer.ToJson();
    }

    private async Task<JsonElement> TeammateIdleAsync(HookCall call, CancellationToken cancel)
    {
        var answer = new HookAnswer(call);
        answer.Recorded(await ledger.RecordAsync(call.Fact(call.Flags.Text("team-name"), null, "team-name", "teammate-id"), cancel));
        if (call.Flags.IsOn("check-task-list") && call.Agent is { } agent)
        {
            var (tasks, unread) = ledger.Read(sql => (FactReader.Unfinished(sql, FactScope.Agent(agent), LedgerLimits.MaxListed), MessageTable.Unread(sql, agent)), ([], 0L));
            answer.Add(json =>
            {
                json.List("unfinished", tasks, HookViews.WriteFact);
                json.WriteNumber("unread", unread);
            });
        }

        return answer.ToJson();
    }

    private void TellLead(Storage.SqlSession sql, HookCall call, string task, bool success)
    {
        var text = $"{task} {(success ? "is done" : "has failed")}{(call.Agent is { } who ? $" ({who})" : "")}";
        var message = new Message(0, ledger.Now, MessageKinds.Note, call.Agent ?? call.By, text, success ? "info" : "warning", "tasks", null, null, false, task, call.Run, null, null);
        MessageTable.Send(sql, message, call.Request, [Plans.BuiltInProtocols.Coordinator], ledger.Limits);
    }

    private void CheckMemory(HookAnswer answer)
    {
        var stats = ledger.Memory.Stats(1);
        var limits = stats.Limits;
        if (stats.Entries > limits.MaxEntries * NearlyFull || stats.Bytes > limits.MaxTotalBytes * NearlyFull)
            answer.Note($"the memory is nearly full: {stats.Entries} of {limits.MaxEntries} entries, {stats.Bytes} of {limits.MaxTotalBytes} bytes");
        answer.Add(json =>
        {
            json.WriteStartObject("memoryCheck");
            json.WriteNumber("entries", stats.Entries);
            json.WriteNumber("bytes", stats.Bytes);
            json.WriteEndObject();
        });
    }

    private void CheckAgents(HookCall call, HookAnswer answer, long now)
    {
        var agents = HookViews.AgentsOf(ledger);
        var there = agents.Count(a => now - a.LastUnixMs <= ledger.Limits.AgentIsThere.TotalMilliseconds);
        if (call.Flags.Number("required-agents") is { } required && there < required)
            answer.Note($"{required:0} agents are required, {there} were heard of in the last {ledger.Limits.AgentIsThere.TotalMinutes:0} minutes");
        answer.Add(json => json.List("agents", agents.Take(LedgerLimits.MaxListed), HookViews.WriteAgent));
    }

    private void Analyse(HookCall call, HookAnswer answer, string task)
    {
        var scope = FactScope.Task(task);
        var (begun, counts) = ledger.Read(
            sql => (FactReader.Of(sql, scope, 1, "pre-task").FirstOrDefault(), FactReader.Counts(sql, scope, 0)), (null, []));
        answer.Add(json =>
        {
            json.WriteStartObject("performance");
            if (begun is not null) json.WriteNumber("sincePreTaskMs", ledger.Now - begun.AtUnixMs);
            json.Maybe("durationMs", (long?)call.Flags.Number("duration"));
            foreach (var (kind, count, failed) in counts)
            {
                json.WriteNumber(kind, count);
                if (failed > 0) json.WriteNumber(kind + "-failed", failed);
            }

            json.WriteEndObject();
        });
    }
}
