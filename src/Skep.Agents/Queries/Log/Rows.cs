using System.Globalization;
using System.Text;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Agents.Queries;

/// <summary>What one append writes: events, the query's row, the calls that they settle, the requests that they carry out. Made before the transaction, which shares the writer's thread with all others.</summary>
internal sealed class Rows
{
    private readonly QueryIdentity _identity;
    private readonly long _first;
    private readonly long _at;
    private readonly List<string> _events;
    private readonly List<CallCost> _calls;
    private readonly IReadOnlyList<(long Id, string Outcome)> _took;
    private readonly RowValues _values;

    private Rows(QueryIdentity identity, QueryState state, IReadOnlyList<QueryEvent> events, IReadOnlyList<(long Id, string Outcome)> took)
    {
        (_identity, _took) = (identity, took);
        _first = state.Seq - events.Count + 1;
        _at = state.LastAt.ToUnixTimeMilliseconds();
        _events = [.. events.Select(QueryCodec.Encode)];
        _calls = [.. events.Select((e, i) => CallCost.Of(e, _first + i)).OfType<CallCost>()];
        _values = RowValues.Of(state);
        Size = _events.Sum(e => (long)Encoding.UTF8.GetByteCount(e)) + 512;
    }

    public long Size { get; }

    public static Rows Of(QueryIdentity identity, QueryState state, IReadOnlyList<QueryEvent> events, IReadOnlyList<(long Id, string Outcome)> took) => new(identity, state, events, took);

    public bool Write(SqlSession sql)
    {
        for (var i = 0; i < _events.Count; i++)
        {
            sql.Sql("INSERT INTO queries_events (query, seq, at, data) VALUES (?1, ?2, ?3, ?4)").Bind(1, _identity.Id).Bind(2, _first + i).Bind(3, _at).Bind(4, _events[i]).Run();
        }

        WriteRow(sql);
        foreach (var call in _calls) WriteCall(sql, call);
        foreach (var (id, outcome) in _took) QueryStore.Take(sql, id, outcome, _at);
        return true;
    }

    private void WriteRow(SqlSession sql)
    {
        var v = _values;
        sql.Sql("""
            INSERT INTO queries_list (id, run, phase, task, attempt, spec, agent, model, permission, status, begun, last, seq, turns, tokens, usd, note, kind)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            ON CONFLICT (id) DO UPDATE SET model = ?8, permission = ?9, status = ?10, last = ?11, seq = ?12, turns = ?13, tokens = ?14, usd = ?15, note = ?16
            """)
            .Bind(1, _identity.Id).Bind(2, _identity.Run).Bind(3, _identity.Phase).Bind(4, _identity.Task).Bind(5, _identity.Attempt).Bind(6, _identity.Spec).Bind(7, _identity.Agent)
            .Bind(8, v.Model).Bind(9, v.Permission).Bind(10, v.Status).Bind(11, _at).Bind(12, v.Seq).Bind(13, v.Turns).Bind(14, v.Tokens).Bind(15, v.Usd).Bind(16, v.Note).Bind(17, v.Kind).Run();
    }

    private void WriteCall(SqlSession sql, CallCost call)
    {
        sql.Sql("""
            INSERT INTO queries_calls (query, seq, call, run, phase, task, spec, model, at, input, output, cache_read, cache_write, unsure, usd, saved, ms)
            VALUES (?1, ?2, ?17, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
            """)
            .Bind(1, _identity.Id).Bind(17, call.Call).Bind(2, call.Seq).Bind(3, _identity.Run).Bind(4, _identity.Phase).Bind(5, _identity.Task).Bind(6, _identity.Spec).Bind(7, call.Model).Bind(8, _at)
            .Bind(9, call.Tokens.Input).Bind(10, call.Tokens.Output).Bind(11, call.Tokens.CacheRead).Bind(12, call.Tokens.CacheWrite).Bind(13, call.Unsure)
            .Bind(14, Text(call.Usd)).Bind(15, Text(call.Saved)).Bind(16, call.Ms).Run();
    }

    private static string? Text(decimal? money) => money?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The query's row, copied from the state, which goes on.</summary>
    private sealed record RowValues(string Model, string Permission, string Status, long Seq, int Turns, long Tokens, string Usd, string? Note, string Kind)
    {
        public static RowValues Of(QueryState s) => new(
            s.Model, s.Permission, s.Status.ToString(), s.Seq, s.Turns, s.Tokens.Total + s.UnsureTokens + s.CliTokens, s.Usd.ToString(CultureInfo.InvariantCulture), s.End?.Error ?? s.Hold?.Why ?? Question(s), s.Start?.Kind ?? ExecutorKinds.Chat);

        private static string? Question(QueryState s) =>
            s.Items.Count > 0 && s.Items[^1] is TurnItem turn && turn.Tools.FirstOrDefault(t => t.Stage == ToolStage.Asked) is { } waits ? $"waits for 'skep query answer': {waits.Question}" : null;
    }
}
