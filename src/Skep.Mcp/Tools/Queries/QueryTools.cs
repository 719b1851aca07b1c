using Skep.Agents.Queries;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Mcp.Tools.Runs;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;
using Skep.Plans;

namespace Skep.Mcp.Tools.Queries;

/// <summary>Finds queries by what a model writes.</summary>
internal static class QueryLook
{
    /// <summary>The id of a query: given in full, or as <c>RUN/TASK</c> for the newest attempt of a task.</summary>
    /// <exception cref="ToolFault">There is none.</exception>
    public static string Find(FolderDesk desk, string word)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == word.Length - 1) throw new ToolFault($"'{Text.Shorten(word, 80)}' names no query: write RUN/TASK, or RUN/TASK/ATTEMPT; query_list tells which there are");
        var run = RunLook.Find(desk, word[..slash]);
        var (state, rest) = (RunReader.Load(desk.Store, desk.Blobs, run), word[(slash + 1)..]);
        if (AttemptName.Parse($"{run}/{rest}") is { } exact && state.Find(exact.Task)?.Attempts.Any(a => a.Number == exact.Attempt) == true) return $"{run}/{rest}";
        var node = RunLook.Node(state, rest);
        return node.Attempts.Count > 0 ? $"{run}/{node.Key}/{node.Attempts[^1].Number}" : throw new ToolFault($"task '{rest}' of run {run} has not begun");
    }

    /// <summary>The state of a query in a word, with what its own log cannot know.</summary>
    public static string Word(FolderDesk desk, QueryRow q, IReadOnlyCollection<string> live) =>
        QueryStateWords.Of(q.Status, live.Contains(q.Run), () => RunReader.Load(desk.Store, desk.Blobs, q.Run).Status.IsEnded());
}

/// <summary><c>query_list</c>: what agents are doing.</summary>
internal sealed class QueryListTool() : McpTool(
    "query_list",
    "List queries",
    "Lists the conversations of agents with models, coding agents among them: id, state, model, turns, tokens, cost.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "includeHistory":{"type":"boolean","description":"Those that are over, too. Default false."},
      "run":{"type":"string","minLength":1,"maxLength":64,"description":"Of one run only."},
      "limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most queries. Default 50."}},"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var live = await RunLook.LiveAsync(call.Desk, cancel);
        var run = call.Args.Text("run") is { } word ? RunLook.Find(call.Desk, word) : null;
        var history = call.Args.Flag("includeHistory") ?? false;
        var rows = call.Desk.Queries.List(run, history).Select(q => (Query: q, Word: QueryLook.Word(call.Desk, q, live))).Where(r => history || r.Word != QueryStateWords.Abandoned).ToList();
        return ToolReply.Of(Facts.Count(rows.Count, "query"), json => json.Rows("queries", rows, call.Args.Whole("limit") ?? Bounds.DefaultRows, row =>
        {
            var q = row.Query;
            json.WriteString("queryId", q.Id);
            json.WriteString("state", row.Word);
            json.WriteString("agent", q.Agent);
            json.WriteString("executor", q.Kind);
            json.WriteString("model", q.Model);
            json.WriteString("permissionMode", q.Permission);
            json.WriteNumber("turns", q.Turns);
            json.WriteNumber("tokens", q.Tokens);
            json.WriteNumber("cost_usd", q.Usd);
            json.Time("began_at", q.Begun);
            json.Cut("note", q.Note, Bounds.ShortValue);
        }));
    }
}

/// <summary><c>query_history</c>: what happened in a query.</summary>
internal sealed class QueryHistoryTool() : McpTool(
    "query_history",
    "History of a query",
    "Tells what was asked of a query, and every event of its log, the newest last.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "queryId":{"type":"string","minLength":1,"maxLength":260,"description":"RUN/TASK/ATTEMPT, or RUN/TASK for the newest attempt."},
      "limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most events: the newest. Default 50."}},
     "required":["queryId"],"additionalProperties":false}
    """)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var query = QueryLook.Find(call.Desk, call.Args.Need("queryId"));
        var (controls, events) = (call.Desk.Queries.Controls(query, history: true), call.Desk.Queries.Read(query));
        var most = call.Args.Whole("limit") ?? Bounds.DefaultRows;
        return Task.FromResult(ToolReply.Of($"{query}: {Facts.Count(events.Count, "event")}, {Facts.Count(controls.Count, "request")}", json =>
        {
            json.WriteString("queryId", query);
            json.Rows("requests", [.. controls.TakeLast(most)], most, c =>
            {
                json.Time("at", c.At);
                json.WriteString("by", c.By);
                json.WriteString("op", c.Op);
                json.Cut("argument", c.Argument, Bounds.ShortValue);
                json.Maybe("outcome", c.Outcome);
            });
            json.Rows("events", [.. events.TakeLast(most)], most, e =>
            {
                json.WriteNumber("seq", e.Seq);
                json.Time("at", e.At);
                json.Cut("what", QueryWords.Of(e.Event), Bounds.ShortValue);
            });
            if (events.Count > most) json.WriteNumber("earlier_events", events.Count - most);
        }));
    }
}

/// <summary><c>query_control</c>: asks something of a query.</summary>
internal sealed class QueryControlTool() : McpTool(
    "query_control",
    "Control a query",
    "Pauses, resumes or terminates the conversation of an agent with a model, or a coding agent, changes its model or permission mode, or says something to it (execute_command; /compact shortens it). Durable before it is carried out.",
    ToolEffect.Removes,
    """
    {"type":"object","properties":{
      "action":{"type":"string","enum":["pause","resume","terminate","change_model","change_permissions","execute_command"]},
      "queryId":{"type":"string","minLength":1,"maxLength":260,"description":"RUN/TASK/ATTEMPT, or RUN/TASK for the newest attempt; query_list tells them."},
      "model":{"type":"string","minLength":1,"maxLength":200,"description":"For change_model: provider/model, or a bare name. A bare claude-… name means the provider anthropic if that is configured, else the default provider."},
      "permissionMode":{"type":"string","enum":["default","acceptEdits","bypassPermissions","plan"],"description":"For change_permissions."},
      "command":{"type":"string","minLength":1,"maxLength":16000,"description":"For execute_command: what the agent is told before its next turn."}},
     "required":["action","queryId"],"additionalProperties":false}
    """)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var (op, argument) = Read(call);
        var query = QueryLook.Find(call.Desk, call.Args.Need("queryId"));
        // A coding CLI knows models of its own; whether it can be told one is said where it runs.
        if (op == QueryOps.Model && call.Desk.Queries.Find(query)?.Kind != ExecutorKinds.CodingCli) argument = Model(call, argument!);
        var answer = await call.Desk.AskAsync("query." + op, JsonBuild.Object(json =>
        {
            json.WriteString("query", query);
            json.Maybe("argument", argument);
        }), cancel);
        var outcome = answer.GetProperty("outcome").GetString()!;
        if (outcome.StartsWith("refused: ", StringComparison.Ordinal)) throw new ToolFault(outcome["refused: ".Length..]);
        return ToolReply.Of($"{query}: {outcome}", json =>
        {
            json.WriteString("queryId", query);
            json.WriteBoolean("taken", answer.GetProperty("taken").GetBoolean());
            json.WriteString("outcome", outcome);
        });
    }

    private static (string Op, string? Argument) Read(ToolCall call)
    {
        var action = call.Args.Need("action");
        return action switch
        {
            "pause" => (QueryOps.Pause, null),
            "resume" => (QueryOps.Resume, null),
            "terminate" => (QueryOps.Terminate, null),
            "change_model" => (QueryOps.Model, call.Args.NeedFor("model", "action change_model")),
            "change_permissions" => (QueryOps.Permission, call.Args.NeedFor("permissionMode", "action change_permissions")),
            _ => call.Args.NeedFor("command", "action execute_command") is var said && said.Trim() == "/compact" ? (QueryOps.Compact, null) : (QueryOps.Say, said),
        };
    }

    private static string Model(ToolCall call, string name)
    {
        if (name.StartsWith("claude-", StringComparison.Ordinal) && call.Desk.Settings.ModelProblem("anthropic/" + name) is null) return "anthropic/" + name;
        return call.Desk.Settings.ModelProblem(name) is { } problem ? throw new ToolFault($"the model cannot be changed to '{Text.Shorten(name, 80)}': {problem}") : name;
    }
}
