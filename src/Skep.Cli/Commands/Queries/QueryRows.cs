using Skep.Agents.Queries;

namespace Skep.Cli.Commands.Queries;

/// <summary>A query as people see it: a conversation with a model, a coding agent, or a running command.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Its state in a word.</param>
/// <param name="Agent">Name of the agent instance.</param>
/// <param name="Model">Model, or the executor's name for what is no conversation.</param>
/// <param name="Turns">Turns.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Usd">Dollars.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Note">Why it stands still, or how it failed.</param>
internal sealed record QueryLine(string Id, string State, string Agent, string Model, int Turns, long Tokens, decimal Usd, DateTimeOffset Begun, string? Note);

/// <summary>Collects the queries of a folder.</summary>
internal static class QueryRows
{
    /// <summary>The queries of one run or of all, newest first.</summary>
    public static List<QueryLine> Collect(OpenRuns runs, TimeProvider time, string? run, bool history, IReadOnlyList<string> live)
    {
        var lines = new QueryStore(runs.Store, time).List(run, history).Select(q => Line(q, WordOf(runs, q, live))).Where(l => history || l.State != QueryStateWords.Abandoned).ToList();
        var known = lines.Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in live.Where(r => run is null || r == run)) lines.AddRange(Others(runs.Load(id)).Where(o => !known.Contains(o.Id)));
        return [.. lines.OrderByDescending(l => l.Begun)];
    }

    private static QueryLine Line(QueryRow q, string word) => new(q.Id, word, q.Agent, ModelOf(q), q.Turns, q.Tokens, q.Usd, q.Begun, q.Note);

    /// <summary>A coding CLI that is told no model has one of its own.</summary>
    private static string ModelOf(QueryRow q) => q.Kind == Skep.Plans.ExecutorKinds.CodingCli && q.Model == Skep.Agents.ChatExecutor.DefaultModel ? q.Kind : q.Model;

    /// <summary>The state of a query in a word, with what its own log cannot know.</summary>
    public static string WordOf(OpenRuns runs, QueryRow q, IReadOnlyList<string> live) =>
        QueryStateWords.Of(q.Status, live.Contains(q.Run), () => runs.Load(q.Run).Status.IsEnded());

    /// <summary>What other executors are doing can be paused, resumed and terminated as well.</summary>
    private static IEnumerable<QueryLine> Others(RunState state) =>
        from node in state.Nodes
        where node.Task is not null && node.Current?.StartedAt is not null
        let attempt = node.Current
        let kind = state.Agent(attempt.Agent)?.Executor ?? Skep.Plans.ExecutorKinds.Command
        where kind != Skep.Plans.ExecutorKinds.Chat
        select new QueryLine($"{state.Info!.Run}/{node.Key}/{attempt.Number}", node.Paused ? "paused" : "running", attempt.AgentName ?? attempt.Agent, kind, 0, attempt.Usage.Tokens, (decimal)attempt.Usage.CostUsd, attempt.StartedAt!.Value, null);
}
