namespace Skep.Memory;

/// <summary>What is indexed for search.</summary>
/// <param name="HasFullText">Whether the database has full text (FTS5) and all entries are in it, but for those of late that the next search for words puts into it.</param>
/// <param name="Fields">Members of JSON values that filters can name, with their types, such as <c>score (number)</c>.</param>
/// <param name="OwnVectors">Entries with vectors that callers brought.</param>
/// <param name="Models">Namespaces and the models of their vectors; the empty one is the default of all.</param>
/// <param name="Indexes">The indexes that are open; none before the first search by vectors of this process.</param>
/// <param name="IndexedRevision">Up to which revision vectors are there; -1 before the first search by vectors of this process.</param>
public sealed record SearchStats(
    bool HasFullText, IReadOnlyList<string> Fields, long OwnVectors, IReadOnlyDictionary<string, string> Models, IReadOnlyList<IndexStats> Indexes, long IndexedRevision)
{
    /// <summary>How vectors are indexed: the default of all, under the empty name, and namespaces with settings of their own.</summary>
    public IReadOnlyDictionary<string, IndexSettings> Settings { get; init; } = new Dictionary<string, IndexSettings>();
}

/// <summary>One index of vectors.</summary>
/// <param name="Model">The model, and codes, metric and M where those are not the default.</param>
/// <param name="Vectors">How many.</param>
/// <param name="MemoryBytes">Bytes in memory, about.</param>
/// <param name="DiskBytes">Bytes of files.</param>
public sealed record IndexStats(string Model, long Vectors, long MemoryBytes, long DiskBytes);

/// <summary>What to index anew. Without model and change: everything, as it is.</summary>
/// <param name="Namespace">The namespace whose model or settings to set; empty for all that have none of their own.</param>
/// <param name="Model">See <see cref="MemorySearch.ReindexAsync(string?, string?, IProgress{IndexProgress}?, CancellationToken)"/>; null to keep the model.</param>
/// <param name="Change">What of the index's settings is to change; null for nothing.</param>
public sealed record ReindexRequest(string? Namespace = null, string? Model = null, IndexChange? Change = null);

/// <summary>What a reindexing has done.</summary>
/// <param name="Namespace">The namespace whose model or settings were set; null where only indexes were made anew.</param>
/// <param name="Model">Its model now; null where that was not set.</param>
/// <param name="Vectors">Vectors in all indexes.</param>
/// <param name="Settings">Its settings now; null where they were not set.</param>
public sealed record ReindexResult(string? Namespace, string? Model, long Vectors, IndexSettings? Settings = null);
