namespace Skep.Memory;

/// <summary>What is indexed for search.</summary>
/// <param name="HasFullText">Whether the database has full text (FTS5) and all entries are in it.</param>
/// <param name="Fields">Members of JSON values that filters can name, with their types, such as <c>score (number)</c>.</param>
/// <param name="OwnVectors">Entries with vectors that callers brought.</param>
/// <param name="Models">Namespaces and the models of their vectors; the empty one is the default of all.</param>
/// <param name="Indexes">The indexes that are open; none before the first search by vectors of this process.</param>
/// <param name="IndexedRevision">Up to which revision vectors are there; -1 before the first search by vectors of this process.</param>
public sealed record SearchStats(
    bool HasFullText, IReadOnlyList<string> Fields, long OwnVectors, IReadOnlyDictionary<string, string> Models, IReadOnlyList<IndexStats> Indexes, long IndexedRevision);

/// <summary>The vectors of one model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Vectors">How many.</param>
/// <param name="MemoryBytes">Bytes in memory, about.</param>
/// <param name="DiskBytes">Bytes of files.</param>
public sealed record IndexStats(string Model, long Vectors, long MemoryBytes, long DiskBytes);

/// <summary>What a reindexing has done.</summary>
/// <param name="Namespace">The namespace whose model was set; null where only indexes were made anew.</param>
/// <param name="Model">Its model now.</param>
/// <param name="Vectors">Vectors in all indexes.</param>
public sealed record ReindexResult(string? Namespace, string? Model, long Vectors);
