using System.Text.Json;
using Skep.Orchestration.Coordination;

namespace Skep.Orchestration.Hooks;

public sealed partial class HooksFamily
{
    /// <summary>Most edits, messages, tasks and keys that a resuming agent is told.</summary>
    private const int MaxTold = 20;

    /// <summary>Facts in one piece of an export, and most facts of one export.</summary>
    private const int ExportPiece = 50;
    private const int MaxExported = 10_000;

    private async Task<JsonElement> SessionBeginsAsync(HookCall given, CancellationToken cancel)
    {
        var call = given.Session is null ? given with { Session = LatestSession(given, open: false) ?? $"session-{given.Request}" } : given;
        var before = ledger.Read(sql => FactReader.Session(sql, call.Session!), null);
        if (call.Agent is null && before?.Agent is { } agent) call = call with { Agent = agent };
        var answer = new HookAnswer(call);
        if (before is null && call.Hook.Name == "session-restore") answer.Note($"there is no session '{call.Session}' yet: it begins now");
        var recorded = await ledger.RecordAsync(call.Fact(null), cancel);
        answer.Recorded(recorded);
        if (recorded.IsNew) await TellPlansAsync(call, answer, null, cancel);
        await TellSessionAsync(call, answer, full: call.Hook.Name == "session-restore" || call.Flags.IsOn("restore-context"), cancel);
        return answer.ToJson();
    }

    /// <summary>What an agent needs that begins or resumes.</summary>
    private async Task TellSessionAsync(HookCall call, HookAnswer answer, bool full, CancellationToken cancel)
    {
        var session = ledger.Read(sql => FactReader.Session(sql, call.Session!), null);
        answer.Add(json => Section(json, "session", () => HookViews.WriteSession(json, session!)));
        var messages = await MessagesForAsync(call, cancel);
        if (full || messages.Count > 0) answer.Add(json => json.List("messages", messages, HookViews.WriteMessage));
        if (full || call.Flags.IsOn("restore-tasks")) TellTasks(call, answer);
        if (full) TellWork(call, answer);
        if (call.Flags.IsOn("restore-agents")) answer.Add(json => json.List("agents", HookViews.AgentsOf(ledger).Take(MaxTold), HookViews.WriteAgent));
    }

    private void TellTasks(HookCall call, HookAnswer answer)
    {
        var mine = call.Flags.IsOn("restore-tasks") ? (FactScope?)null : ScopeOf(call);
        var tasks = ledger.Read(sql => FactReader.Unfinished(sql, mine, MaxTold), []);
        answer.Add(json => json.List("unfinished", tasks, HookViews.WriteFact));
    }

    private void TellWork(HookCall call, HookAnswer answer)
    {
        var scope = ScopeOf(call);
        var (edits, memory, claims) = ledger.Read(
            sql => (FactReader.LastEdits(sql, scope, MaxTold), FactReader.MemoryPaths(sql, scope, MaxTold), ClaimTable.Held(sql, ledger.Now)),
            ((List<Fact>)[], (List<string>)[], (List<Claim>)[]));
        answer.Add(json =>
        {
            json.List("edits", edits, WriteEditNow);
            json.List("memory", memory);
            json.List("claims", claims.Where(c => c.Holder == call.Agent).Take(MaxTold), HookViews.WriteClaim);
        });
    }

    /// <summary>An edit, and whether the file is still what it was after it.</summary>
    private void WriteEditNow(Utf8JsonWriter json, Fact edit)
    {
        HookViews.WriteFact(json, edit);
        if (edit.Sha256 is null || edit.Subject is null) return;
        var now = FileFingerprint.Of(Path.GetFullPath(edit.Subject, ledger.Project));
        json.WriteString("since", now.Size is null ? "gone" : now.Sha256 is null ? "unknown" : now.Sha256 == edit.Sha256 ? "unchanged" : "changed");
    }

    /// <summary>New messages: taken out of the inbox where the answer reaches the agent itself, else only shown.</summary>
    private async Task<List<Message>> MessagesForAsync(HookCall call, CancellationToken cancel)
    {
        if (call.Agent is not { } agent) return [];
        if (call.Source != CodingCliSource) return ledger.Read(sql => MessageTable.Inbox(sql, agent, all: false, MaxTold), []);
        return ledger.Read(sql => MessageTable.Unread(sql, agent), 0) == 0 ? [] : await ledger.WriteAsync((sql, now) => MessageTable.Take(sql, agent, call.Request, now, MaxTold), cancel);
    }

    /// <summary>A coding CLI's prompt: what waits for the agent is told with it.</summary>
    private async Task<JsonElement> PromptAsync(HookCall call, CancellationToken cancel)
    {
        var answer = new HookAnswer(call);
        answer.Recorded(await ledger.RecordAsync(call.Fact(null), cancel));
        var messages = await MessagesForAsync(call, cancel);
        if (messages.Count > 0) answer.Add(json => json.List("messages", messages, HookViews.WriteMessage));
        return answer.ToJson();
    }

    private async Task<JsonElement> SessionEndAsync(HookCall given, CancellationToken cancel)
    {
        var call = given with { Session = given.Session ?? LatestSession(given, open: true) };
        var answer = new HookAnswer(call);
        if (call.Session is null) answer.Note("no session goes on; begin one with 'skep hooks session-start --session-id NAME'");
        var recorded = await ledger.RecordAsync(call.Fact(null), cancel);
        answer.Recorded(recorded);
        if (recorded.IsNew) await TellPlansAsync(call, answer, null, cancel);
        if (call.Session is not { } id || ledger.Read(sql => FactReader.Session(sql, id), null) is not { } session) return answer.ToJson();
        var counts = ledger.Read(sql => FactReader.Counts(sql, FactScope.Session(id), 0), []);
        answer.Add(json => Section(json, "session", () => HookViews.WriteSession(json, session)));
        if (call.Flags.IsOn("export-metrics")) answer.Add(json => Section(json, "metrics", () => HookViews.WriteMetrics(json, session, counts)));
        if (call.Flags.IsOn("generate-summary")) answer.Add(json => json.WriteString("summary", Summary(session)));
        return answer.ToJson();
    }

    /// <summary>Sends the facts in pieces, oldest first, and then the session's numbers.</summary>
    private async Task<JsonElement> SessionExportAsync(HookCall given, CancellationToken cancel)
    {
        var call = given with { Session = given.Session ?? LatestSession(given, open: false) };
        if (call.Session is not { } id || ledger.Read(sql => FactReader.Session(sql, id), null) is not { } before)
            throw new RequestException(RequestCodes.NotFound, call.Session is null ? "there is no session yet: name one with --session-id" : $"there is no session '{call.Session}'; 'skep hooks metrics' lists them");
        var answer = new HookAnswer(call);
        var recorded = await ledger.RecordAsync(call.Fact(null), cancel);
        answer.Recorded(recorded);
        if (recorded.IsNew) await TellPlansAsync(call, answer, null, cancel);
        var scope = FactScope.Session(id);
        var facts = ledger.Read(sql => FactReader.Of(sql, scope, MaxExported), []);
        if (before.Facts > MaxExported) answer.Note($"the session has {before.Facts} facts; the newest {MaxExported} are exported");
        facts.Reverse();
        var counts = ledger.Read(sql => FactReader.Counts(sql, scope, 0), []);
        foreach (var piece in facts.Chunk(ExportPiece)) await call.SendAsync(JsonBuild.Object(json => json.List("facts", piece, HookViews.WriteWholeFact)), cancel);
        answer.Add(json =>
        {
            Section(json, "session", () => HookViews.WriteSession(json, before));
            Section(json, "metrics", () => HookViews.WriteMetrics(json, before, counts));
        });
        return answer.ToJson();
    }

    private static string Summary(SessionInfo session)
    {
        var minutes = (session.LastUnixMs - session.StartedUnixMs) / 60_000.0;
        return $"Session {session.Id}{(session.Agent is null ? "" : " of " + session.Agent)}: {minutes:0.#} min, {session.Edits} edits, {session.Commands} commands, {session.Tasks} tasks, {session.Messages} messages"
            + (session.Failed > 0 ? $"; {session.Failed} of these failed" : "");
    }

    // Documents end sessions without naming them: then it is the one that was heard of last.
    private string? LatestSession(HookCall call, bool open) =>
        ledger.Read(sql => FactReader.Sessions(sql, 0, LedgerLimits.MaxListed), [])
            .FirstOrDefault(s => (!open || s.EndedUnixMs is null) && (call.Agent is null || s.Agent == call.Agent))?.Id;

    private static FactScope ScopeOf(HookCall call) => call.Agent is { } agent ? FactScope.Agent(agent) : FactScope.Session(call.Session!);

    private static void Section(Utf8JsonWriter json, string name, Action write)
    {
        json.WriteStartObject(name);
        write();
        json.WriteEndObject();
    }
}
