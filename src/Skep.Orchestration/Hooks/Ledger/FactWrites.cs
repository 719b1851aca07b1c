using Skep.Storage;

namespace Skep.Orchestration.Hooks;

/// <summary>Number of a fact, and whether this call made it.</summary>
internal readonly record struct FactRecorded(long Seq, bool IsNew);

/// <summary>Adds facts, and keeps what is counted with them: sessions and agents. All within a transaction.</summary>
internal static class FactWrites
{
    private const string Pruned = "facts.pruned";

    /// <summary>Adds a fact, unless its request has left one already.</summary>
    public static FactRecorded Add(SqlSession sql, NewFact fact, long now, LedgerLimits limits)
    {
        if (!Insert(sql, fact, now)) return new FactRecorded(SeqOf(sql, fact.Request), false);
        var seq = sql.LastRowId;
        if (fact.Session is not null) Touch(sql, fact, now, limits);
        if (fact.Agent is { } agent) Meet(sql, agent, now, limits);
        if (seq % limits.PruneChunk == 0) Prune(sql, seq, now, limits);
        return new FactRecorded(seq, true);
    }

    /// <summary>Notes that an agent is there.</summary>
    public static void Meet(SqlSession sql, string agent, long now, LedgerLimits limits)
    {
        sql.Sql("UPDATE hooks_agents SET last = max(last, ?2) WHERE name = ?1").Bind(1, agent).Bind(2, now).Run();
        if (sql.Changes > 0) return;
        sql.Sql("INSERT INTO hooks_agents (name, first, last) VALUES (?1, ?2, ?2)").Bind(1, agent).Bind(2, now).Run();
        if (Count(sql, "SELECT count(*) FROM hooks_agents") > limits.MaxAgents)
            sql.Sql("DELETE FROM hooks_agents WHERE name = (SELECT name FROM hooks_agents ORDER BY last, name LIMIT 1)").Run();
    }

    private static bool Insert(SqlSession sql, NewFact fact, long now)
    {
        sql.Sql("""
            INSERT INTO hooks_facts (at, request, kind, session, agent, task, run, subject, sha256, size, memory, success, data)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (request) DO NOTHING
            """)
            .Bind(1, now).Bind(2, fact.Request).Bind(3, fact.Kind).Bind(4, fact.Session).Bind(5, fact.Agent).Bind(6, fact.Task).Bind(7, fact.Run)
            .Bind(8, fact.Subject).Bind(9, fact.Sha256).Bind(10, fact.Size).Bind(11, fact.Memory).Bind(12, fact.Success is { } ok ? ok ? 1 : 0 : null).Bind(13, fact.Data).Run();
        return sql.Changes > 0;
    }

    private static long SeqOf(SqlSession sql, string request)
    {
        var row = sql.Sql("SELECT seq FROM hooks_facts WHERE request = ?1").Bind(1, request);
        return row.Step() ? row.Number(0) : 0;
    }

    private static void Touch(SqlSession sql, NewFact fact, long now, LedgerLimits limits)
    {
        int Is(params ReadOnlySpan<string> kinds) => kinds.Contains(fact.Kind) ? 1 : 0;
        var restored = Is("session-restore");
        var ended = Is("session-end") + 2 * Is("session-export"); // An export looks at a session, and does not take it up again.
        sql.Sql("""
            INSERT INTO hooks_sessions (id, started, last, ended, agent, source, cwd, restored, facts, edits, commands, failed, tasks, messages)
            VALUES (?1, ?2, ?2, CASE ?3 WHEN 1 THEN ?2 END, ?4, ?5, ?6, ?7, 1, ?8, ?9, ?10, ?11, ?12)
            ON CONFLICT (id) DO UPDATE SET last = max(last, ?2), ended = CASE ?3 WHEN 1 THEN ?2 WHEN 2 THEN ended END, agent = coalesce(?4, agent), source = coalesce(?5, source),
                cwd = coalesce(?6, cwd), restored = restored + ?7, facts = facts + 1, edits = edits + ?8, commands = commands + ?9, failed = failed + ?10,
                tasks = tasks + ?11, messages = messages + ?12
            """)
            .Bind(1, fact.Session).Bind(2, now).Bind(3, ended).Bind(4, fact.Agent).Bind(5, fact.Source).Bind(6, fact.Cwd).Bind(7, restored)
            .Bind(8, Is("post-edit")).Bind(9, Is("post-command")).Bind(10, fact.Success == false ? 1 : 0).Bind(11, Is("post-task", "task-completed")).Bind(12, Is("notify")).Run();
        if (Is("session-start", "session-restore") == 1 && Count(sql, "SELECT count(*) FROM hooks_sessions") > limits.MaxSessions)
            sql.Sql("DELETE FROM hooks_sessions WHERE id IN (SELECT id FROM hooks_sessions ORDER BY last, id LIMIT max(0, (SELECT count(*) FROM hooks_sessions) - ?1))").Bind(1, limits.MaxSessions).Run();
    }

    /// <summary>Removes the oldest facts beyond the bound, a little at a time; that it was done is a fact, too.</summary>
    private static void Prune(SqlSession sql, long seq, long now, LedgerLimits limits)
    {
        var excess = Count(sql, "SELECT max(seq) - min(seq) + 1 FROM hooks_facts") - limits.MaxFacts;
        if (excess <= 0) return;
        sql.Sql("DELETE FROM hooks_facts WHERE seq IN (SELECT seq FROM hooks_facts ORDER BY seq LIMIT ?1)").Bind(1, Math.Min(excess, 2L * limits.PruneChunk)).Run();
        var removed = sql.Changes;
        sql.Sql("INSERT INTO hooks_state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = value + ?2").Bind(1, Pruned).Bind(2, removed).Run();
        Insert(sql, new NewFact("pruned", $"pruned-{seq}") { Data = $$"""{"removed":{{removed}}}""" }, now);
    }

    private static long Count(SqlSession sql, string query)
    {
        var row = sql.Sql(query);
        var count = row.Step() ? row.Number(0) : 0;
        row.Reset();
        return count;
    }
}
