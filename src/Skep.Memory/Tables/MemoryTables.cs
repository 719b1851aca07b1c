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

    /// <summary>
    /// What searching needs. The table of full text is not among it: it is made by the first write of a program whose SQLite has FTS5, see <see cref="TextTable"/>.
    /// Entries that were there before get their numbers here and their texts later, in portions.
    /// </summary>
    private const string Second =
        """
        -- A number for each entry, which the full text is kept under, and its tags, one a line.
        CREATE TABLE memory_docs (
            path TEXT    PRIMARY KEY,
            id   INTEGER NOT NULL,
            tags TEXT
        ) WITHOUT ROWID;

        CREATE UNIQUE INDEX memory_docs_by_id ON memory_docs (id);

        INSERT INTO memory_docs (path, id) SELECT path, row_number() OVER (ORDER BY path) FROM memory_entries;

        -- Vectors that callers brought with their entries; all others can be made again from the entries.
        CREATE TABLE memory_vectors (
            path   TEXT PRIMARY KEY,
            model  TEXT NOT NULL,
            vector BLOB NOT NULL
        ) WITHOUT ROWID;

        -- Which namespaces have vectors of another model than the default one: as people name it, and what it turned out to be.
        CREATE TABLE memory_models (
            namespace TEXT PRIMARY KEY,
            spec      TEXT NOT NULL,
            model     TEXT NOT NULL
        ) WITHOUT ROWID;

        -- Fields of JSON values that filters can name; a field keeps the type that it was first seen with.
        CREATE TABLE memory_fields (
            name TEXT    PRIMARY KEY,
            type INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- One row. texts: whether memory_texts is there and true. Entries with numbers above filled and up to wanted are not in it yet.
        CREATE TABLE memory_search (
            id     INTEGER PRIMARY KEY CHECK (id = 1),
            texts  INTEGER NOT NULL,
            filled INTEGER NOT NULL,
            wanted INTEGER NOT NULL
        );

        INSERT INTO memory_search (id, texts, filled, wanted) VALUES (1, 0, 0, 0);
        """;

    /// <summary>How the vectors of namespaces are indexed where it is not the default.</summary>
    private const string Third =
        """
        -- version: how often the row was changed.
        CREATE TABLE memory_indexes (
            namespace TEXT    PRIMARY KEY,
            version   INTEGER NOT NULL,
            codes     TEXT    NOT NULL,
            metric    TEXT    NOT NULL,
            m         INTEGER NOT NULL,
            ef        INTEGER NOT NULL
        ) WITHOUT ROWID;
        """;

    /// <summary>
    /// Stores no longer write their words into the full text themselves, see <see cref="SearchWrites"/>: entries with numbers above <c>filled</c> are not in it yet, all others are. Full text
    /// that was not complete is made anew. And <c>type</c> says which entries have tags, so that a read of the others looks for none.
    /// </summary>
    private const string Fourth =
        """
        -- Texts that are in memory_texts and are no entry's any more. It can only take them out when it is told them again, word by word.
        CREATE TABLE memory_outdated (
            seq  INTEGER PRIMARY KEY,
            id   INTEGER NOT NULL,
            path TEXT    NOT NULL,
            text BLOB    NOT NULL
        );

        UPDATE memory_search SET texts = CASE WHEN filled >= wanted THEN texts ELSE 0 END, filled = (SELECT coalesce(max(id), 0) FROM memory_docs);

        ALTER TABLE memory_search DROP COLUMN wanted;

        UPDATE memory_entries SET type = type + 256 WHERE path IN (SELECT path FROM memory_docs WHERE tags IS NOT NULL);
        """;

    /// <summary>What a store must be opened with.</summary>
    internal static StoreModule Module { get; } = new("memory", [First, Second, Third, Fourth]);
}
