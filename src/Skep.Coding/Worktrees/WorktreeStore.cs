using Skep.Storage;

namespace Skep.Coding.Worktrees;

/// <summary>Which worktrees there are and where they began. Thread-safe.</summary>
/// <param name="store">Opened with <see cref="CodingStore.Module"/>.</param>
/// <param name="time">The clock.</param>
public sealed class WorktreeStore(SqliteStore store, TimeProvider time)
{
    /// <summary>Most rows of a list.</summary>
    public const int MaxRows = 10_000;

    private const int RowBytes = 2048;

    /// <summary>The worktrees of a run, by task and attempt.</summary>
    /// <param name="run">The run.</param>
    /// <param name="history">Whether those that were removed are listed, too.</param>
    public IReadOnlyList<WorktreeRow> List(string run, bool history = false) => store.Read<IReadOnlyList<WorktreeRow>>(
        CodingStore.Module,
        sql =>
        {
            var rows = new List<WorktreeRow>();
            var row = sql.Sql("SELECT run, task, attempt, agent, branch, path, base, at, removed, kept, leaving, landed FROM coding_worktrees WHERE run = ?1 AND (?2 = 1 OR removed IS NULL) ORDER BY task, attempt LIMIT ?3").Bind(1, run).Bind(2, history ? 1 : 0).Bind(3, MaxRows);
            while (row.Step()) rows.Add(RowOf(row));
            return rows;
        },
        []);

    /// <summary>One worktree, or null.</summary>
    public WorktreeRow? Find(string run, string task, int attempt) => store.Read<WorktreeRow?>(
        CodingStore.Module,
        sql =>
        {
            var row = sql.Sql("SELECT run, task, attempt, agent, branch, path, base, at, removed, kept, leaving, landed FROM coding_worktrees WHERE run = ?1 AND task = ?2 AND attempt = ?3").Bind(1, run).Bind(2, task).Bind(3, attempt);
            return row.Step() ? RowOf(row) : null;
        },
        null);

    /// <summary>Records that a worktree is about to be made. One that was removed begins anew.</summary>
    internal Task PlanAsync(AgentWorktree tree) => store.WriteAsync(
        sql =>
        {
            sql.Sql("INSERT INTO coding_worktrees (run, task, attempt, agent, branch, path, base, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (run, task, attempt) DO UPDATE SET agent = ?4, base = ?7, at = ?8, removed = NULL, kept = NULL")
                .Bind(1, tree.Run).Bind(2, tree.Task).Bind(3, tree.Attempt).Bind(4, tree.Agent).Bind(5, tree.Branch).Bind(6, tree.Path).Bind(7, tree.Base).Bind(8, Now).Run();
            return true;
        },
        RowBytes);

    /// <summary>Records that a worktree is about to be removed.</summary>
    internal Task LeaveAsync(AgentWorktree tree, string target, string? landed) => store.WriteAsync(
        sql =>
        {
            sql.Sql("UPDATE coding_worktrees SET leaving = ?4, landed = ?5 WHERE run = ?1 AND task = ?2 AND attempt = ?3").Bind(1, tree.Run).Bind(2, tree.Task).Bind(3, tree.Attempt).Bind(4, target).Bind(5, landed).Run();
            return true;
        },
        RowBytes);

    /// <summary>Records what became of a worktree.</summary>
    internal Task SettleAsync(AgentWorktree tree, WorktreeFate fate) => store.WriteAsync(
        sql =>
        {
            sql.Sql("UPDATE coding_worktrees SET removed = ?4, kept = ?5, leaving = NULL WHERE run = ?1 AND task = ?2 AND attempt = ?3")
                .Bind(1, tree.Run).Bind(2, tree.Task).Bind(3, tree.Attempt).Bind(4, fate.Removed ? Now : (long?)null).Bind(5, fate.Kept).Run();
            return true;
        },
        RowBytes);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static WorktreeRow RowOf(SqlStatement row) => new(
        new AgentWorktree(row.Text(0), row.Text(1), (int)row.Number(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.Number(7)), row.NumberOrNull(8) is { } removed ? DateTimeOffset.FromUnixTimeMilliseconds(removed) : null, row.TextOrNull(9), row.TextOrNull(10), row.TextOrNull(11));
}
