using Skep.Memory;
using Skep.Orchestration.Coordination;
using Skep.Storage;

namespace Skep.Orchestration.Hooks;

/// <summary>
/// What hooks and messages leave behind, durably: facts, sessions, agents, inboxes, claims. Every change is one transaction, and is on disk
/// when its task completes. A request that is delivered twice changes things once. Thread-safe.
/// </summary>
public sealed class HookLedger
{
    /// <summary>Makes the ledger of a store.</summary>
    /// <param name="store">Opened with <see cref="Module"/>; as its owner if anything is to be written.</param>
    /// <param name="memory">The memory of the same store.</param>
    /// <param name="folder">The folder; globs of claims are relative to its project.</param>
    /// <param name="time">The clock.</param>
    /// <param name="live">What is being worked on in this process.</param>
    /// <param name="limits">Bounds.</param>
    public HookLedger(SqliteStore store, MemoryStore memory, SkepFolder folder, TimeProvider time, ILiveWork? live = null, LedgerLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        (Store, Memory, Time, Live, Limits) = (store, memory, time, live ?? new NoLiveWork(), limits ?? new LedgerLimits());
        Project = RealPath.Of(folder.ProjectPath);
    }

    /// <summary>The tables: <see cref="StoreOptions.Modules"/> of a store that is opened as its owner must have this.</summary>
    public static StoreModule Module => LedgerTables.Module;

    internal SqliteStore Store { get; }

    internal MemoryStore Memory { get; }

    internal TimeProvider Time { get; }

    internal ILiveWork Live { get; }

    internal LedgerLimits Limits { get; }

    /// <summary>What globs of claims are relative to.</summary>
    internal string Project { get; }

    /// <summary>Wakes those who wait for messages.</summary>
    internal MessageSignal Signal { get; } = new();

    internal long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    internal T Read<T>(Func<SqlSession, T> read, T empty) => Store.Read(Module, read, empty);

    internal Task<T> WriteAsync<T>(Func<SqlSession, long, T> write, CancellationToken cancel) => Store.WriteAsync(sql => write(sql, Now), LedgerLimits.MaxPayload, cancel);

    /// <summary>Records a fact, together with whatever else belongs to it.</summary>
    internal Task<FactRecorded> RecordAsync(NewFact fact, CancellationToken cancel, Action<SqlSession, long>? also = null) => WriteAsync(
        (sql, now) =>
        {
            var recorded = FactWrites.Add(sql, fact, now, Limits);
            if (recorded.IsNew) also?.Invoke(sql, now);
            return recorded;
        },
        cancel);

    /// <summary>Records a fact, and stores an entry in memory that is made from it, in one transaction.</summary>
    internal Task<FactRecorded> RecordAsync(NewFact fact, Func<FactRecorded, StoreRequest> entry, CancellationToken cancel, Action<SqlSession, long>? also = null) => Memory.WriteTogetherAsync(
        (sql, store) =>
        {
            var recorded = FactWrites.Add(sql, fact, Now, Limits);
            if (!recorded.IsNew) return recorded;
            store(entry(recorded));
            also?.Invoke(sql, Now);
            return recorded;
        },
        LedgerLimits.MaxPayload,
        cancel);

    private sealed class NoLiveWork : ILiveWork
    {
        public IReadOnlyList<LiveTask> Tasks => [];

        public Task<IReadOnlyList<HookOutcome>> FireAsync(HookOccasion occasion, CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<HookOutcome>>([]);
    }
}
