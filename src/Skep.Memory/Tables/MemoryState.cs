using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>What is counted for the whole memory.</summary>
/// <param name="Revision">The number of the last change.</param>
/// <param name="Retired">The highest version that any removed entry ever had.</param>
/// <param name="Entries">Rows, expired ones included.</param>
/// <param name="Bytes">Their paths and values.</param>
internal readonly record struct MemoryState(long Revision, long Retired, long Entries, long Bytes)
{
    internal static MemoryState Load(SqlSession sql)
    {
        var row = sql.Sql("SELECT rev, retired, entries, bytes FROM memory_state WHERE id = 1");
        if (!row.Step()) throw Missing();
        var state = new MemoryState(row.Number(0), row.Number(1), row.Number(2), row.Number(3));
        row.Reset();
        return state;
    }

    /// <summary>The fault of a database without it.</summary>
    internal static StorageException Missing() => new(StorageFault.Corrupt, "the memory's state is missing from the database: restore the folder from a backup");

    internal void Save(SqlSession sql) =>
        sql.Sql("UPDATE memory_state SET rev = ?1, retired = ?2, entries = ?3, bytes = ?4 WHERE id = 1")
            .Bind(1, Revision).Bind(2, Retired).Bind(3, Entries).Bind(4, Bytes).Run();
}
