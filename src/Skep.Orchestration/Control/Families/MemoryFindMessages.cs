namespace Skep.Orchestration;

/// <summary>What to find; see <see cref="Skep.Memory.FindRequest"/>. At least one of text, vector and filter.</summary>
public sealed record MemoryFindArgs
{
    /// <summary>Words.</summary>
    public string? Text { get; init; }

    /// <summary>A vector whose neighbours to find.</summary>
    public float[]? Vector { get; init; }

    /// <summary>What made it: NAME:DIMENSIONS:unit or NAME:DIMENSIONS:raw; the model of the namespace unless given.</summary>
    public string? VectorModel { get; init; }

    /// <summary>A condition on metadata.</summary>
    public string? Filter { get; init; }

    /// <summary>Which entries.</summary>
    public string? Prefix { get; init; }

    /// <summary>Most entries; 10 unless given.</summary>
    public int? Limit { get; init; }

    /// <summary>auto, text, vector or hybrid.</summary>
    public string? Mode { get; init; }

    /// <summary>How much words count.</summary>
    public double? TextWeight { get; init; }

    /// <summary>How much vectors count.</summary>
    public double? VectorWeight { get; init; }

    /// <summary>Variety: 1 for relevance alone, 0 for variety alone; none unless given.</summary>
    public double? Lambda { get; init; }

    /// <summary>After which age an entry counts half, in milliseconds.</summary>
    public double? HalfLifeMs { get; init; }

    /// <summary>How much namespaces count.</summary>
    public IReadOnlyDictionary<string, double>? NamespaceWeights { get; init; }

    /// <summary>Whether to send values too.</summary>
    public bool Values { get; init; }

    /// <summary>Whether to stream how far an index is that has to be built first, see <see cref="MemoryProgressMessage"/>.</summary>
    public bool Progress { get; init; }
}

/// <summary>What was found.</summary>
/// <param name="Entries">The entries, best first, with their scores.</param>
/// <param name="Mode">By which lists: auto means by the filter alone.</param>
/// <param name="Revision">The memory's revision.</param>
/// <param name="Notes">What was left out, and why; null for nothing.</param>
/// <param name="Parts">By which lists: text, vector with its model, filter; null from an older program.</param>
public sealed record MemoryFindMessage(IReadOnlyList<MemoryEntryMessage> Entries, string Mode, long Revision, IReadOnlyList<string>? Notes = null, IReadOnlyList<string>? Parts = null);

/// <summary>How it was found.</summary>
/// <param name="Found">What was found.</param>
/// <param name="Filter">The filter in its canonical form.</param>
/// <param name="Lists">The lists that were fused.</param>
/// <param name="Steps">What was done, in order.</param>
public sealed record MemoryExplainMessage(MemoryFindMessage Found, string? Filter, IReadOnlyList<MemoryListMessage> Lists, IReadOnlyList<string> Steps);

/// <summary>A list of candidates.</summary>
/// <param name="Name">text, vector with its model, or filter.</param>
/// <param name="Plan">How it was made.</param>
/// <param name="Weight">How much it counts.</param>
/// <param name="Candidates">The best candidates.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Removed">Which better ones the filter took away.</param>
public sealed record MemoryListMessage(string Name, string Plan, double Weight, IReadOnlyList<MemoryCandidateMessage> Candidates, int Count, IReadOnlyList<string> Removed);

/// <summary>A candidate.</summary>
/// <param name="Path">The entry.</param>
/// <param name="Value">BM25's score by words, the distance by vectors, the time of the last write by a filter.</param>
public sealed record MemoryCandidateMessage(string Path, double Value);

/// <summary>What to index anew.</summary>
/// <param name="Namespace">The namespace that gets a model or settings; empty for all without their own.</param>
/// <param name="Model">hash:DIMENSIONS, own:NAME:DIMENSIONS or PROVIDER/MODEL; none to keep models.</param>
/// <param name="Codes">full, bits7, bits4, bit1 or product; none to keep what there is. Without model and settings all indexes are made anew as they are.</param>
/// <param name="Metric">cosine, l2 or dot.</param>
/// <param name="M">Links of a vector in the graph.</param>
/// <param name="Ef">Candidates that a search keeps at least.</param>
public sealed record MemoryReindexArgs(string? Namespace = null, string? Model = null, string? Codes = null, string? Metric = null, int? M = null, int? Ef = null);

/// <summary>What was indexed.</summary>
/// <param name="Namespace">The namespace that got a model.</param>
/// <param name="Model">The model.</param>
/// <param name="Vectors">Vectors in all indexes.</param>
/// <param name="Settings">The namespace's settings, for people; null where they were not set.</param>
public sealed record MemoryReindexMessage(string? Namespace, string? Model, long Vectors, string? Settings = null);

/// <summary>What to import.</summary>
/// <param name="File">Absolute path of the file.</param>
/// <param name="Format">jsonl, csv, npy or fvecs; by the end of the file's name unless given.</param>
/// <param name="Into">A namespace to put the entries under.</param>
/// <param name="Model">What made its vectors: NAME:DIMENSIONS:unit or NAME:DIMENSIONS:raw.</param>
public sealed record MemoryImportArgs(string File, string? Format = null, string? Into = null, string? Model = null);

/// <summary>What was imported.</summary>
/// <param name="Imported">Entries that were stored.</param>
/// <param name="Revision">Revision afterwards.</param>
public sealed record MemoryImportMessage(long Imported, long Revision);

/// <summary>What to draw a map of.</summary>
/// <param name="Prefix">Which entries.</param>
/// <param name="Limit">Most points.</param>
public sealed record MemoryMapArgs(string? Prefix = null, int? Limit = null);

/// <summary>A map.</summary>
/// <param name="Model">The model whose vectors these are.</param>
/// <param name="Total">Entries that have one.</param>
/// <param name="ShareX">How much of all variance lies in the first direction.</param>
/// <param name="ShareY">How much lies in the second.</param>
/// <param name="Points">The entries that are shown.</param>
/// <param name="Notes">What was left out, and why.</param>
public sealed record MemoryMapMessage(string Model, long Total, double ShareX, double ShareY, IReadOnlyList<MemoryPointMessage> Points, IReadOnlyList<string>? Notes = null);

/// <summary>An entry on a map.</summary>
/// <param name="Path">The entry.</param>
/// <param name="X">Where it lies in the first direction.</param>
/// <param name="Y">Where it lies in the second.</param>
public sealed record MemoryPointMessage(string Path, double X, double Y);

/// <summary>How far an index or an import is.</summary>
/// <param name="Stage">texts, vectors or entries.</param>
/// <param name="Done">Entries that are done.</param>
/// <param name="Total">Entries there are.</param>
public sealed record MemoryProgressMessage(string Stage, long Done, long Total);
