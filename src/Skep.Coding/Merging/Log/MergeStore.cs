using System.Text;
using Skep.Storage;

namespace Skep.Coding.Merging;

/// <summary>An event with its place.</summary>
/// <param name="Seq">Number in the queue's log, from 1.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Event">What happened.</param>
public sealed record RecordedMergeEvent(long Seq, DateTimeOffset At, MergeEvent Event);

/// <summary>An entry as lists show it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Target">The target.</param>
/// <param name="Entry">Number in its queue.</param>
/// <param name="Key">Key of the submission.</param>
/// <param name="Branch">The branch.</param>
/// <param name="Task">Node key of the task.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Agent">Name of the agent.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Commit">The submitted commit.</param>
/// <param name="Landed">The commit that landed, or null.</param>
/// <param name="Note">Why it waits or came back, or null.</param>
/// <param name="At">When it came to stand there.</param>
public sealed record MergeRow(
    string Run, string Target, int Entry, string Key, string Branch, string Task, int Attempt, string Agent, EntryStatus Status, string Commit, string? Landed, string? Note, DateTimeOffset At);

/// <summary>The logs of all merge queues of a folder. Thread-safe.</summary>
/// <param name="store">Opened with <see cref="CodingStore.Module"/>.</param>
/// <param name="time">The clock.</param>
public sealed class MergeStore(SqliteStore store, TimeProvider time)
{
    /// <summary>Most rows of a list.</summary>
    public const int MaxRows = 1000;

    private const int RowBytes = 1024;

    /// <summary>Reads a queue's log, in order.</summary>
    /// <exception cref="MergeLogException">It cannot be read.</exception>
    public IReadOnlyList<RecordedMergeEvent> Read(string run, string target) => store.Read<IReadOnlyList<RecordedMergeEvent>>(
        CodingStore.Module,
        sql =>
        {
            var events = new List<RecordedMergeEvent>();
            var row = sql.Sql("SELECT seq, at, data FROM coding_events WHERE run = ?1 AND target = ?2 ORDER BY seq").Bind(1, run).Bind(2, target);
            while (row.Step()) events.Add(new RecordedMergeEvent(row.Number(0), Moment(row.Number(1)), MergeCodec.Decode(row.Number(0), row.Text(2))));
            return events;
        },
        []);

    /// <summary>The state that a queue's log folds to.</summary>
    /// <exception cref="MergeLogException">It cannot be read.</exception>
    public MergeState Load(string run, string target)
    {
        var state = new MergeState();
        foreach (var e in Read(run, target)) MergeCore.Apply(state, e.Event);
        return state;
    }

    /// <summary>Lists entries of a run, by target and number.</summary>
    public IReadOnlyList<MergeRow> List(string run) => store.Read<IReadOnlyList<MergeRow>>(
        CodingStore.Module,
        sql =>
        {
            var rows = new List<MergeRow>();
            var row = sql.Sql("SELECT run, target, entry, work, branch, task, attempt, agent, status, source, landed, note, at FROM coding_entries WHERE run = ?1 ORDER BY target, entry LIMIT ?2").Bind(1, run).Bind(2, MaxRows);
            while (row.Step()) rows.Add(RowOf(row));
            return rows;
        },
        []);

    /// <summary>The entry of a submission, or null.</summary>
    public MergeRow? Find(string run, string key) => store.Read<MergeRow?>(
        CodingStore.Module,
        sql =>
        {
            var row = sql.Sql("SELECT run, target, entry, work, branch, task, attempt, agent, status, source, landed, note, at FROM coding_entries WHERE run = ?1 AND work = ?2").Bind(1, run).Bind(2, key);
            return row.Step() ? RowOf(row) : null;
        },
        null);

    /// <summary>Appends one event; durable when the task completes.</summary>
    /// <param name="run">Of which run.</param>
    /// <param name="target">Of which queue.</param>
    /// <param name="seq">Its number.</param>
    /// <param name="recorded">The event.</param>
    /// <param name="row">The row of its entry after the event, or null.</param>
    /// <exception cref="StorageException">It could not be made durable, or another process writes the same log.</exception>
    internal Task AppendAsync(string run, string target, long seq, MergeEvent recorded, EntryRow? row)
    {
        var data = MergeCodec.Encode(recorded);
        var at = time.GetUtcNow().ToUnixTimeMilliseconds();
        return store.WriteAsync(
            sql =>
            {
                sql.Sql("INSERT INTO coding_events (run, target, seq, at, data) VALUES (?1, ?2, ?3, ?4, ?5)").Bind(1, run).Bind(2, target).Bind(3, seq).Bind(4, at).Bind(5, data).Run();
                if (row is not null) Write(sql, run, target, row, at);
                return true;
            },
            Encoding.UTF8.GetByteCount(data) + RowBytes);
    }

    private static void Write(SqlSession sql, string run, string target, EntryRow row, long at)
    {
        var work = row.Work;
        sql.Sql("""
            INSERT INTO coding_entries (run, target, entry, work, branch, task, attempt, agent, status, source, landed, note, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            ON CONFLICT (run, target, entry) DO UPDATE SET status = ?9, landed = ?11, note = ?12, at = ?13
            """)
            .Bind(1, run).Bind(2, target).Bind(3, row.Entry).Bind(4, work.Key).Bind(5, work.Branch).Bind(6, work.Task).Bind(7, work.Attempt).Bind(8, work.Agent)
            .Bind(9, row.Status.ToString()).Bind(10, work.Commit).Bind(11, row.Landed).Bind(12, row.Note).Bind(13, at).Run();
    }

    private static MergeRow RowOf(SqlStatement row) => new(
        row.Text(0), row.Text(1), (int)row.Number(2), row.Text(3), row.Text(4), row.Text(5), (int)row.Number(6), row.Text(7), Enum.Parse<EntryStatus>(row.Text(8)),
        row.Text(9), row.TextOrNull(10), row.TextOrNull(11), Moment(row.Number(12)));

    private static DateTimeOffset Moment(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}

/// <summary>What the row of an entry comes to after an event.</summary>
internal sealed record EntryRow(int Entry, BranchWork Work, EntryStatus Status, string? Landed, string? Note)
{
    private const int MaxNote = 500;

    public static EntryRow? Of(MergeState state, MergeEvent recorded) => recorded switch
    {
        EntryQueued e => new EntryRow(e.Entry, e.Work, EntryStatus.Queued, null, null),
        IntegrationBegun => Head(state, EntryStatus.Integrating),
        CandidateMade => Head(state, EntryStatus.Checking),
        CheckPassed => Head(state, EntryStatus.Landing),
        TargetMoved e => Head(state, EntryStatus.Queued, $"the target has moved to {e.Found}"),
        CheckLost e => Head(state, EntryStatus.Checking, e.Why),
        EntryHeld e => Head(state, state.Head!.Status, e.Why),
        EntryLanded e => Head(state, EntryStatus.Landed, e.Note) with { Landed = e.Commit },
        EntryHandedBack e => Head(state, EntryStatus.HandedBack, $"{e.Reason}: {e.Text}"),
        EntryWithdrawn e => new EntryRow(e.Entry, state.EntryList[e.Entry - 1].Work, EntryStatus.Withdrawn, null, $"withdrawn by {e.By}"),
        _ => null,
    };

    private static EntryRow Head(MergeState state, EntryStatus status, string? note = null) =>
        new(state.Head!.Number, state.Head.Work, status, null, note is { Length: > MaxNote } ? note[..MaxNote] + "…" : note);
}
