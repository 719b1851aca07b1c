using System.Text;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Coding.Agents;

/// <summary>The sessions of coding CLIs. Thread-safe.</summary>
/// <param name="store">Opened with <see cref="CodingStore.Module"/>.</param>
/// <param name="time">The clock.</param>
public sealed class SessionStore(SqliteStore store, TimeProvider time)
{
    private const int RowBytes = 512;

    /// <summary>The session of an attempt, or null.</summary>
    public CodingSession? Find(string run, string task, int attempt) => store.Read<CodingSession?>(
        CodingStore.Module,
        sql =>
        {
            var row = sql.Sql("SELECT session, starts, begun, tokens, CAST(cost AS TEXT), turns, ended, delivered, answer FROM coding_sessions WHERE run = ?1 AND task = ?2 AND attempt = ?3").Bind(1, run).Bind(2, task).Bind(3, attempt);
            return row.Step()
                ? new CodingSession(run, task, attempt, row.Text(0), (int)row.Number(1), row.Number(2) != 0, new AttemptUsage(row.Number(3), double.Parse(row.Text(4), System.Globalization.CultureInfo.InvariantCulture), (int)row.Number(5)), row.Number(6) != 0, row.Number(7) != 0, row.Text(8))
                : null;
        },
        null);

    /// <summary>Keeps a session; durable when the task completes.</summary>
    internal Task SaveAsync(CodingSession session) => store.WriteAsync(
        sql =>
        {
            sql.Sql("INSERT OR REPLACE INTO coding_sessions (run, task, attempt, session, starts, begun, tokens, cost, turns, ended, delivered, answer, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CAST(?8 AS REAL), ?9, ?10, ?11, ?12, ?13)")
                .Bind(1, session.Run).Bind(2, session.Task).Bind(3, session.Attempt).Bind(4, session.Session).Bind(5, session.Starts).Bind(6, session.Begun ? 1 : 0)
                .Bind(7, session.Usage.Tokens).Bind(8, session.Usage.CostUsd.ToString("R", System.Globalization.CultureInfo.InvariantCulture)).Bind(9, session.Usage.Turns)
                .Bind(10, session.Ended ? 1 : 0).Bind(11, session.Delivered ? 1 : 0).Bind(12, session.Answer).Bind(13, time.GetUtcNow().ToUnixTimeMilliseconds()).Run();
            return true;
        },
        RowBytes + Encoding.UTF8.GetByteCount(session.Answer));
}
