namespace Skep.Agents.Queries;

/// <summary>Events of queries in words, one line each.</summary>
public static class QueryWords
{
    private const int MaxText = 120;

    /// <summary>What happened.</summary>
    public static string Of(QueryEvent recorded) => recorded switch
    {
        QueryStarted e => $"begun by {e.Agent} with {e.Model}, {e.Tools.Count} tools, at most {e.MaxTurns} turns",
        QueryRecovered => "taken up by another process",
        CallBegun e => $"call {e.Call}{(e.Try > 1 ? $", try {e.Try}" : "")}: {e.Model} is asked{(e.Purpose == CallPurpose.Summary ? " for a summary" : "")}, {e.Tokens} tokens reserved",
        CallAnswered e => $"call {e.Call}: answered in {e.Ms} ms, {e.Tokens.Total} tokens{(e.Turn.Calls.Count > 0 ? $", wants {string.Join(", ", e.Turn.Calls.Select(c => c.Tool))}" : "")}: {Short(e.Turn.Text)}",
        CallFailed e => $"call {e.Call}, try {e.Try}: {Short(e.Error)}",
        CallLost e => $"call {e.Call}: lost, {e.Tokens} tokens count as used",
        ToolsBegun e => $"tools {string.Join(", ", e.Indexes)} of call {e.Call} run",
        ToolEnded e => $"tool {e.Index} of call {e.Call}: {(e.IsError ? "failed: " : "")}{Short(e.Text)}",
        ToolAsked e => $"tool {e.Index} of call {e.Call} waits for a person: {Short(e.Question)}",
        ToolDecided e => $"{e.By} {(e.Approved ? "allows" : "does not allow")} tool {e.Index} of call {e.Call} {Short(e.Text)}",
        NoteAdded e => $"{e.By} says: {Short(e.Text)}",
        Compacted e => $"{e.Items} items of the conversation shortened to {e.Summary.Length} characters",
        QueryPaused e => $"paused: {Short(e.Why)}",
        QueryResumed e => $"resumed by {e.By}",
        ModelChanged e => $"{e.To} answers instead of {e.From} ({e.By}: {Short(e.Why)})",
        PermissionChanged e => $"permission mode {e.To} ({e.By})",
        OutputReduced e => $"answers of at most {e.Tokens} tokens ({e.By}: {Short(e.Why)})",
        QueryInterrupted e => $"interrupted after: {Short(e.Partial)}",
        SessionOpened e => $"process {e.Number} of its CLI {(e.Resumes ? "takes up" : "begins")} session {e.Session} with model {e.Model}, permission {e.Permission}",
        SessionClosed e => $"its CLI's process is gone: {Short(e.Why)}",
        AgentActed e => $"{(e.Tools.Count > 0 ? $"uses {string.Join(", ", e.Tools.Select(t => $"{t.Tool} {Short(t.Input)}"))}" : "says")}{(e.Text.Length > 0 ? $": {Short(e.Text)}" : "")}",
        UsageCounted e => $"{e.Turns} turns, {e.Tokens} tokens so far",
        QueryEnded e => $"{e.Status.ToString().ToLowerInvariant()}{(e.Error is { } error ? $": {Short(error)}" : "")}",
        _ => recorded?.GetType().Name ?? "",
    };

    private static string Short(string text) => text.Length <= MaxText ? text : $"{text.AsSpan(0, MaxText)}…";
}

/// <summary>Events of queries as JSON.</summary>
public static class QueryEvents
{
    /// <summary>An event as it stands in the log.</summary>
    public static string ToJson(QueryEvent recorded) => QueryCodec.Encode(recorded);
}
