using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>
/// The memory's tables. An entry's row has all in one place, so that a read is one descent; values that are larger than a quarter of a page lie
/// apart and are not touched by lists. <c>floor</c> is a version that the entry's next one must exceed, see <see cref="MemoryTransaction"/>.
/// </summary>
internal static class MemoryTables
{
    private const string First =
        """
        CREATE TABLE memory_entries (
            path    TEXT    PRIMARY KEY,
            version INTEGER NOT NULL,
            floor   INTEGER NOT NULL,
            rev     INTEGER NOT NULL,
            type    INTEGER NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            expires INTEGER,
            agent   TEXT,
            task    TEXT,
            run     TEXT,
            size    INTEGER NOT NULL,
            value   BLOB    NOT NULL
        ) WITHOUT ROWID;

        CREATE INDEX memory_entries_by_expiry ON memory_entries (expires) WHERE expires IS NOT NULL;

        -- What watchers have not seen yet: the last changes, without gaps.
        CREATE TABLE memory_changes (
            rev     INTEGER PRIMARY KEY,
            kind    INTEGER NOT NULL,
            path    TEXT    NOT NULL,
            version INTEGER NOT NULL,
            at      INTEGER NOT NULL,
            request TEXT
        );

        CREATE TABLE memory_namespaces (
            name    TEXT    PRIMARY KEY,
            entries INTEGER NOT NULL,
            bytes   INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- One row. retired: the highest version that any removed entry ever had.
        CREATE TABLE memory_state (
            id      INTEGER PRIMARY KEY CHECK (id = 1),
            rev     INTEGER NOT NULL,
            retired INTEGER NOT NULL,
            entries INTEGER NOT NULL,
            bytes   INTEGER NOT NULL
        );

        INSERT INTO memory_state (id, rev, retired, entries, bytes) VALUES (1, 0, 0, 0, 0);
        """;

    /// <summary>What a store must be opened with.</summary>
    internal static StoreModule Module { get; } = new("memory", [First]);
}
