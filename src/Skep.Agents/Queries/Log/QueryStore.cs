using System.Globalization;
using Skep.Models;
using Skep.Storage;

namespace Skep.Agents.Queries;

/// <summary>The logs of all queries of a folder, and what people ask of them. Thread-safe.</summary>
/// <param name="store">Opened with <see cref="Module"/>.</param>
/// <param name="time">The clock.</param>
public sealed class QueryStore(SqliteStore store, TimeProvider time)
{
    /// <summary>Longest event, in bytes: a model's answer or a tool's result of the largest size, escaped.</summary>
    public const int MaxEvent = 1024 * 1024;

    /// <summary>Most rows of a list.</summary>
    public const int MaxRows = 1000;

    /// <summary>The tables.</summary>
    public static StoreModule Module => QueryTables.Module;

    /// <summary>Appends events to a query's log; durable when the task completes.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="state">The state with the events applied.</param>
    /// <param name="events">The events; the last has the state's number.</param>
    /// <param name="took">Numbers of requests that they carry out, with what came of each.</param>
    /// <exception cref="StorageException">They could not be made durable, or another process writes the same log.</exception>
    public Task AppendAsync(QueryIdentity identity, QueryState state, IReadOnlyList<QueryEvent> events, IReadOnlyList<(long Id, string Outcome)>? took = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var rows = Rows.Of(identity, state, events, took ?? []);
        return store.WriteAsync(rows.Write, rows.Size);
    }

    /// <summary>Reads a query's log, in order.</summary>
    public IReadOnlyList<RecordedQueryEvent> Read(string query, long after = 0) => store.Read<IReadOnlyList<RecordedQueryEvent>>(
        Module,
        sql =>
        {
            var events = new List<RecordedQueryEvent>();
            var row = sql.Sql("SELECT seq, at, data FROM queries_events WHERE query = ?1 AND seq > ?2 ORDER BY seq").Bind(1, query).Bind(2, after);
            while (row.Step()) events.Add(new RecordedQueryEvent(row.Number(0), Moment(row.Number(1)), QueryCodec.Decode(row.Number(0), row.Text(2))));
            return events;
        },
        []);

    /// <summary>The state that a query's log folds to.</summary>
    /// <exception cref="QueryLogException">The log cannot be read.</exception>
    public QueryState Load(string query)
    {
        var state = new QueryState();
        foreach (var e in Read(query)) QueryCore.Apply(state, e.Event, e.At);
        return state;
    }

    /// <summary>Lists queries, the newest first.</summary>
    /// <param name="run">Of this run only, or null.</param>
    /// <param name="history">Whether those that are over are listed, too.</param>
    public IReadOnlyList<QueryRow> List(string? run, bool history) => store.Read<IReadOnlyList<QueryRow>>(
        Module,
        sql =>
        {
            var rows = new List<QueryRow>();
            var row = sql.Sql("""
                SELECT id, run, phase, task, attempt, spec, agent, model, permission, status, begun, last, turns, tokens, usd, note, kind FROM queries_list
                WHERE (?1 IS NULL OR run = ?1) AND (?2 = 1 OR status IN ('Init', 'Running', 'Paused')) ORDER BY begun DESC, id LIMIT ?3
                """).Bind(1, run).Bind(2, history ? 1 : 0).Bind(3, MaxRows);
            while (row.Step()) rows.Add(RowOf(row));
            return rows;
        },
        []);

    /// <summary>One query, or null.</summary>
    public QueryRow? Find(string query) => store.Read<QueryRow?>(
        Module,
        sql =>
        {
            var row = sql.Sql("SELECT id, run, phase, task, attempt, spec, agent, model, permission, status, begun, last, turns, tokens, usd, note, kind FROM queries_list WHERE id = ?1").Bind(1, query);
            return row.Step() ? RowOf(row) : null;
        },
        null);

    /// <summary>The calls of models of a run, in order of time.</summary>
    public IReadOnlyList<CallRow> Calls(string run) => store.Read<IReadOnlyList<CallRow>>(
        Module,
        sql =>
        {
            var calls = new List<CallRow>();
            var row = sql.Sql("SELECT query, call, phase, task, spec, model, at, input, output, cache_read, cache_write, unsure, usd, saved, ms FROM queries_calls WHERE run = ?1 ORDER BY at, query, seq").Bind(1, run);
            while (row.Step())
            {
                calls.Add(new CallRow(row.Text(0), (int)row.Number(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), Moment(row.Number(6)),
                    new TokenCount(row.Number(7), row.Number(8), row.Number(9), row.Number(10)), row.Number(11), Money(row, 12), Money(row, 13), row.NumberOrNull(14)));
            }

            return calls;
        },
        []);

    /// <summary>Records a request to a query. The same request twice is one.</summary>
    /// <returns>Its number.</returns>
    public Task<long> AskAsync(string request, string query, string op, string? argument, string by, CancellationToken cancel) => store.WriteAsync(
        sql =>
        {
            sql.Sql("INSERT INTO queries_controls (request, query, op, argument, sender, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (request) DO NOTHING")
                .Bind(1, request).Bind(2, query).Bind(3, op).Bind(4, argument).Bind(5, by).Bind(6, time.GetUtcNow().ToUnixTimeMilliseconds()).Run();
            var row = sql.Sql("SELECT id FROM queries_controls WHERE request = ?1").Bind(1, request);
            return row.Step() ? row.Number(0) : throw new InvalidOperationException("the request is not there");
        },
        MaxEvent,
        cancel);

    /// <summary>Notes what came of a request that no query has to take.</summary>
    public Task SettleAsync(long id, string outcome, CancellationToken cancel) => store.WriteAsync(
        sql =>
        {
            Take(sql, id, outcome, time.GetUtcNow().ToUnixTimeMilliseconds());
            return true;
        },
        4096,
        cancel);

    /// <summary>What was asked of a query, in order; only what it has not taken yet, or all.</summary>
    public IReadOnlyList<ControlRow> Controls(string query, bool history) => store.Read<IReadOnlyList<ControlRow>>(
        Module,
        sql =>
        {
            var rows = new List<ControlRow>();
            var row = sql.Sql("SELECT id, op, argument, sender, at, taken, outcome FROM queries_controls WHERE query = ?1 AND (?2 = 1 OR taken IS NULL) ORDER BY id LIMIT ?3").Bind(1, query).Bind(2, history ? 1 : 0).Bind(3, MaxRows);
            while (row.Step()) rows.Add(ControlOf(row));
            return rows;
        },
        []);

    /// <summary>The limits that were raised in a run, in order. Of a query each.</summary>
    internal IReadOnlyList<(QueryRow Query, string Argument)> Raises(string run) => store.Read<IReadOnlyList<(QueryRow, string)>>(
        Module,
        sql =>
        {
            var rows = new List<(QueryRow, string)>();
            var row = sql.Sql("""
                SELECT q.id, q.run, q.phase, q.task, q.attempt, q.spec, q.agent, q.model, q.permission, q.status, q.begun, q.last, q.turns, q.tokens, q.usd, q.note, q.kind, c.argument
                FROM queries_list q JOIN queries_controls c ON c.query = q.id
                WHERE q.run = ?1 AND c.op = 'budget' AND c.taken IS NOT NULL AND c.outcome NOT LIKE 'refused%' ORDER BY c.id
                """).Bind(1, run);
            while (row.Step()) rows.Add((RowOf(row), row.Text(17)));
            return rows;
        },
        []);

    /// <summary>What tells when the conversations with models of a run worked and when they stood still, until a moment.</summary>
    /// <param name="run">The run.</param>
    /// <param name="until">The moment.</param>
    /// <param name="abandoned">Whether nobody works on those that are open.</param>
    internal IReadOnlyList<QuerySpan> Spans(string run, DateTimeOffset until, bool abandoned) => store.Read<IReadOnlyList<QuerySpan>>(
        Module,
        sql =>
        {
            var marks = new Dictionary<string, List<StandingMark>>(StringComparer.Ordinal);
            var mark = sql.Sql("""
                SELECT e.query, e.seq, e.at, e.data, p.at FROM queries_list q JOIN queries_events e ON e.query = q.id LEFT JOIN queries_events p ON p.query = e.query AND p.seq = e.seq - 1
                WHERE q.run = ?1 AND q.kind = 'chat' AND (e.data LIKE '{"t":"paused"%' OR e.data LIKE '{"t":"resumed"%' OR e.data LIKE '{"t":"recovered"%' OR e.data LIKE '{"t":"tool-asked"%' OR e.data LIKE '{"t":"tool-decided"%')
                ORDER BY e.query, e.seq
                """).Bind(1, run);
            while (mark.Step())
            {
                if (!marks.TryGetValue(mark.Text(0), out var own)) marks[mark.Text(0)] = own = [];
                own.Add(new StandingMark(Moment(mark.NumberOrNull(4) ?? mark.Number(2)), Moment(mark.Number(2)), QueryCodec.Decode(mark.Number(1), mark.Text(3))));
            }

            var spans = new List<QuerySpan>();
            var row = sql.Sql("""
                SELECT id, run, phase, task, attempt, spec, agent, model, permission, status, begun, last, turns, tokens, usd, note, kind FROM queries_list WHERE run = ?1 AND kind = 'chat' AND begun <= ?2
                """).Bind(1, run).Bind(2, until.ToUnixTimeMilliseconds());
            while (row.Step()) spans.Add(QuerySpan.Of(RowOf(row), marks.GetValueOrDefault(row.Text(0), []), until, abandoned));
            return spans;
        },
        []);

    /// <summary>One request, or null.</summary>
    internal ControlRow? Control(long id) => store.Read<ControlRow?>(
        Module,
        sql =>
        {
            var row = sql.Sql("SELECT id, op, argument, sender, at, taken, outcome FROM queries_controls WHERE id = ?1").Bind(1, id);
            return row.Step() ? ControlOf(row) : null;
        },
        null);

    private static ControlRow ControlOf(SqlStatement row) =>
        new(row.Number(0), row.Text(1), row.TextOrNull(2), row.Text(3), Moment(row.Number(4)), row.NumberOrNull(5) is { } taken ? Moment(taken) : null, row.TextOrNull(6));

    internal static void Take(SqlSession sql, long id, string outcome, long at) =>
        sql.Sql("UPDATE queries_controls SET taken = ?2, outcome = ?3 WHERE id = ?1 AND taken IS NULL").Bind(1, id).Bind(2, at).Bind(3, outcome).Run();

    private static QueryRow RowOf(SqlStatement row) => new(
        row.Text(0), row.Text(1), row.Text(2), row.Text(3), (int)row.Number(4), row.Text(5), row.Text(6), row.Text(7), row.Text(8), Enum.Parse<QueryStatus>(row.Text(9)),
        Moment(row.Number(10)), Moment(row.Number(11)), (int)row.Number(12), row.Number(13), decimal.Parse(row.Text(14), CultureInfo.InvariantCulture), row.TextOrNull(15), row.Text(16));

    private static decimal? Money(SqlStatement row, int column) => row.IsNull(column) ? null : decimal.Parse(row.Text(column), CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}

/// <summary>A query as lists show it.</summary>
public sealed record QueryRow(
    string Id, string Run, string Phase, string Task, int Attempt, string Spec, string Agent, string Model, string Permission, QueryStatus Status,
    DateTimeOffset Begun, DateTimeOffset Last, int Turns, long Tokens, decimal Usd, string? Note, string Kind = Skep.Plans.ExecutorKinds.Chat);

/// <summary>A call of a model, as it counts in budgets and reports.</summary>
/// <param name="Query">The query.</param>
/// <param name="Call">Number of the call.</param>
/// <param name="Phase">Phase.</param>
/// <param name="Task">Node key of the task.</param>
/// <param name="Spec">Agent spec.</param>
/// <param name="Model">Model.</param>
/// <param name="At">When it was settled.</param>
/// <param name="Tokens">What its answer took; zero for one that has none.</param>
/// <param name="Unsure">Tokens that were reserved for tries of which nobody knows what they took.</param>
/// <param name="Usd">What it cost, unsure tries included; null when the price is unknown.</param>
/// <param name="SavedUsd">What the prompt cache saved.</param>
/// <param name="Ms">How long it took.</param>
public sealed record CallRow(
    string Query, int Call, string Phase, string Task, string Spec, string Model, DateTimeOffset At, TokenCount Tokens, long Unsure, decimal? Usd, decimal? SavedUsd, long? Ms);

/// <summary>Something that was asked of a query.</summary>
public sealed record ControlRow(long Id, string Op, string? Argument, string By, DateTimeOffset At, DateTimeOffset? Taken, string? Outcome);
