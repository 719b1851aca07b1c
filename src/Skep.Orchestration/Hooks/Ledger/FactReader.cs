using Skep.Storage;

namespace Skep.Orchestration.Hooks;

/// <summary>Reads facts, sessions and agents, within a transaction.</summary>
internal static class FactReader
{
    private const string Columns = "seq, at, kind, session, agent, task, run, subject, sha256, size, memory, success, data";

    /// <summary>A session, or null.</summary>
    public static SessionInfo? Session(SqlSession sql, string id) =>
        Sessions(sql.Sql($"SELECT {SessionColumns} FROM hooks_sessions WHERE id = ?1").Bind(1, id)).FirstOrDefault();

    /// <summary>The sessions that were heard of last.</summary>
    public static List<SessionInfo> Sessions(SqlSession sql, long since, int most) =>
        Sessions(sql.Sql($"SELECT {SessionColumns} FROM hooks_sessions WHERE last >= ?1 ORDER BY last DESC, id LIMIT ?2").Bind(1, since).Bind(2, most));

    /// <summary>The agents that were heard of last.</summary>
    public static List<KnownAgent> Agents(SqlSession sql, int most)
    {
        var rows = sql.Sql("SELECT name, first, last FROM hooks_agents ORDER BY last DESC, name LIMIT ?1").Bind(1, most);
        var agents = new List<KnownAgent>();
        while (rows.Step()) agents.Add(new KnownAgent(rows.Text(0), rows.Number(1), rows.Number(2)));
        return agents;
    }

    /// <summary>The last edit of each file, newest first: of a session, an agent or a task.</summary>
    public static List<Fact> LastEdits(SqlSession sql, FactScope scope, int most) => Facts(
        sql.Sql($"""
            SELECT {Columns} FROM hooks_facts WHERE seq IN (SELECT max(seq) FROM hooks_facts WHERE {scope.Column} = ?1 AND kind = 'post-edit' GROUP BY subject)
            ORDER BY seq DESC LIMIT ?2
            """).Bind(1, scope.Value).Bind(2, most));

    /// <summary>The last edits of a file, newest first.</summary>
    public static List<Fact> EditsOf(SqlSession sql, string file, int most) => Facts(
        sql.Sql($"SELECT {Columns} FROM hooks_facts WHERE subject = ?1 AND kind = 'post-edit' ORDER BY seq DESC LIMIT ?2").Bind(1, file).Bind(2, most));

    /// <summary>Tasks that were begun and not ended, newest first: of a scope, or of all.</summary>
    public static List<Fact> Unfinished(SqlSession sql, FactScope? scope, int most) => Facts(
        sql.Sql($"""
            SELECT {Columns} FROM hooks_facts AS begun WHERE kind = 'pre-task' AND task IS NOT NULL AND {scope?.Column ?? "?1"} = ?1
            AND NOT EXISTS (SELECT 1 FROM hooks_facts AS later WHERE later.task = begun.task AND later.seq > begun.seq AND later.run IS begun.run
                AND later.kind IN ('pre-task', 'post-task', 'task-completed'))
            ORDER BY seq DESC LIMIT ?2
            """).Bind(1, scope?.Value ?? "").Bind(2, most));

    /// <summary>Paths of memory entries that were written with facts, newest first.</summary>
    public static List<string> MemoryPaths(SqlSession sql, FactScope scope, int most)
    {
        var rows = sql.Sql($"SELECT memory, max(seq) AS last FROM hooks_facts WHERE {scope.Column} = ?1 AND memory IS NOT NULL GROUP BY memory ORDER BY last DESC LIMIT ?2").Bind(1, scope.Value).Bind(2, most);
        var paths = new List<string>();
        while (rows.Step()) paths.Add(rows.Text(0));
        return paths;
    }

    /// <summary>Facts of a scope, newest first.</summary>
    public static List<Fact> Of(SqlSession sql, FactScope scope, int most, string? kind = null) => Facts(
        sql.Sql($"SELECT {Columns} FROM hooks_facts WHERE {scope.Column} = ?1 AND (?3 IS NULL OR kind = ?3) ORDER BY seq DESC LIMIT ?2").Bind(1, scope.Value).Bind(2, most).Bind(3, kind));

    /// <summary>The newest facts of all.</summary>
    public static List<Fact> Newest(SqlSession sql, int most, string? kind = null) => Facts(
        sql.Sql($"SELECT {Columns} FROM hooks_facts WHERE (?2 IS NULL OR kind = ?2) ORDER BY seq DESC LIMIT ?1").Bind(1, most).Bind(2, kind));

    /// <summary>How many facts of each kind there are, and how many of them failed.</summary>
    public static List<(string Kind, long Count, long Failed)> Counts(SqlSession sql, FactScope? scope, long since)
    {
        var rows = sql.Sql($"SELECT kind, count(*), sum(success IS 0) FROM hooks_facts WHERE {scope?.Column ?? "?1"} = ?1 AND at >= ?2 GROUP BY kind ORDER BY kind").Bind(1, scope?.Value ?? "").Bind(2, since);
        var counts = new List<(string, long, long)>();
        while (rows.Step()) counts.Add((rows.Text(0), rows.Number(1), rows.Number(2)));
        return counts;
    }

    private const string SessionColumns = "id, started, last, ended, agent, source, cwd, restored, facts, edits, commands, failed, tasks, messages";

    private static List<SessionInfo> Sessions(SqlStatement rows)
    {
        var sessions = new List<SessionInfo>();
        while (rows.Step())
        {
            sessions.Add(new SessionInfo(
                rows.Text(0), rows.Number(1), rows.Number(2), rows.NumberOrNull(3), rows.TextOrNull(4), rows.TextOrNull(5), rows.TextOrNull(6),
                rows.Number(7), rows.Number(8), rows.Number(9), rows.Number(10), rows.Number(11), rows.Number(12), rows.Number(13)));
        }

        return sessions;
    }

    private static List<Fact> Facts(SqlStatement rows)
    {
        var facts = new List<Fact>();
        while (rows.Step())
        {
            facts.Add(new Fact(
                rows.Number(0), rows.Number(1), rows.Text(2), rows.TextOrNull(3), rows.TextOrNull(4), rows.TextOrNull(5), rows.TextOrNull(6), rows.TextOrNull(7),
                rows.TextOrNull(8), rows.NumberOrNull(9), rows.TextOrNull(10), rows.NumberOrNull(11) is { } ok ? ok != 0 : null, rows.TextOrNull(12)));
        }

        return facts;
    }
}

/// <summary>Whose facts: those of one session, agent or task.</summary>
internal readonly record struct FactScope
{
    private FactScope(string column, string value) => (Column, Value) = (column, value);

    /// <summary>A column's name: never anything else, as it becomes part of a query.</summary>
    public string Column { get; }

    public string Value { get; }

    public static FactScope Session(string id) => new("session", id);

    public static FactScope Agent(string name) => new("agent", name);

    public static FactScope Task(string id) => new("task", id);
}
