using System.Text.Json.Serialization;

namespace Skep.Orchestration;

/// <summary>The requests about memory that an owner understands.</summary>
public static class MemoryOps
{
    /// <summary>Stores a value: <c>path</c>, <c>text</c> or <c>base64</c>; <c>type</c>, <c>ttlMs</c>, <c>ifVersion</c>, <c>tags</c>, <c>vector</c>, <c>vectorModel</c>, <c>agent</c>, <c>task</c>, <c>run</c>.</summary>
    public const string Store = "memory.store";

    /// <summary>Reads an entry: <c>path</c>.</summary>
    public const string Get = "memory.get";

    /// <summary>Lists entries: <c>prefix</c>, <c>after</c>, <c>limit</c>, <c>values</c>.</summary>
    public const string List = "memory.list";

    /// <summary>Searches: <c>text</c>, <c>glob</c>, <c>prefix</c>, <c>after</c>, <c>limit</c>.</summary>
    public const string Search = "memory.search";

    /// <summary>Finds entries by words, vectors and metadata, best first: see <see cref="MemoryFindArgs"/>.</summary>
    public const string Find = "memory.find";

    /// <summary>As <see cref="Find"/>, and tells how.</summary>
    public const string Explain = "memory.explain";

    /// <summary>Makes indexes anew, streaming how far it is: <c>namespace</c> and <c>model</c> give a namespace another model, see <see cref="MemoryReindexArgs"/>.</summary>
    public const string Reindex = "memory.reindex";

    /// <summary>Imports a file that the owner can read, streaming how far it is: see <see cref="MemoryImportArgs"/>.</summary>
    public const string Import = "memory.import";

    /// <summary>Draws entries on a plane by their vectors: see <see cref="MemoryMapArgs"/>.</summary>
    public const string Map = "memory.map";

    /// <summary>Deletes an entry: <c>path</c>, <c>ifVersion</c>; or all of a <c>prefix</c>.</summary>
    public const string Delete = "memory.delete";

    /// <summary>Streams changes: <c>prefix</c>, <c>since</c>; ends after <c>limit</c> of them if that is given.</summary>
    public const string Watch = "memory.watch";

    /// <summary>Streams an export in portions of bytes (<c>base64</c>): <c>prefix</c>.</summary>
    public const string Export = "memory.export";

    /// <summary>Restores a <c>file</c> that the owner can read: <c>mode</c> empty, newer or overwrite.</summary>
    public const string Restore = "memory.restore";

    /// <summary>Counts: <c>limit</c> namespaces are named.</summary>
    public const string Stats = "memory.stats";

    /// <summary>Lists namespaces: <c>prefix</c>, <c>after</c>, <c>limit</c>.</summary>
    public const string Namespaces = "memory.namespaces";
}

/// <summary>Arguments of all requests about memory; see <see cref="MemoryOps"/> for which take which.</summary>
public sealed record MemoryArgs
{
    /// <summary>Path of an entry.</summary>
    public string? Path { get; init; }

    /// <summary>A value as UTF-8 text; for a search: what to look for.</summary>
    public string? Text { get; init; }

    /// <summary>A value as base64.</summary>
    public string? Base64 { get; init; }

    /// <summary>Content type; text/plain unless given.</summary>
    public string? Type { get; init; }

    /// <summary>Time-to-live in milliseconds.</summary>
    public long? TtlMs { get; init; }

    /// <summary>Expected version.</summary>
    public long? IfVersion { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>A vector to find the entry by.</summary>
    public float[]? Vector { get; init; }

    /// <summary>What made it.</summary>
    public string? VectorModel { get; init; }

    /// <summary>Who writes: agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Who writes: task.</summary>
    public string? Task { get; init; }

    /// <summary>Who writes: run.</summary>
    public string? Run { get; init; }

    /// <summary>Which entries.</summary>
    public string? Prefix { get; init; }

    /// <summary>Where to go on.</summary>
    public string? After { get; init; }

    /// <summary>Most entries.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether to send values too.</summary>
    public bool Values { get; init; }

    /// <summary>Pattern of keys or paths.</summary>
    public string? Glob { get; init; }

    /// <summary>Revision after which a watch begins.</summary>
    public long? Since { get; init; }

    /// <summary>Absolute path of a file.</summary>
    public string? File { get; init; }

    /// <summary>How a file is restored.</summary>
    public string? Mode { get; init; }
}

/// <summary>An entry. A value is <c>text</c> where that is possible and short, else <c>base64</c>; neither if it was not asked for.</summary>
public sealed record MemoryEntryMessage
{
    /// <summary>Namespace and key.</summary>
    public required string Path { get; init; }

    /// <summary>Version.</summary>
    public required long Version { get; init; }

    /// <summary>Revision of the last write.</summary>
    public required long Revision { get; init; }

    /// <summary>Content type.</summary>
    public required string Type { get; init; }

    /// <summary>First written, Unix milliseconds.</summary>
    public required long Created { get; init; }

    /// <summary>Last written, Unix milliseconds.</summary>
    public required long Updated { get; init; }

    /// <summary>Expires, Unix milliseconds.</summary>
    public long? Expires { get; init; }

    /// <summary>Agent that wrote it.</summary>
    public string? Agent { get; init; }

    /// <summary>Task that wrote it.</summary>
    public string? Task { get; init; }

    /// <summary>Run that wrote it.</summary>
    public string? Run { get; init; }

    /// <summary>Bytes of the value.</summary>
    public required long Size { get; init; }

    /// <summary>Tags; null for none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The value as text.</summary>
    public string? Text { get; init; }

    /// <summary>The value's bytes.</summary>
    public string? Base64 { get; init; }

    /// <summary>How well it fits what was searched for.</summary>
    public double? Score { get; init; }

    /// <summary>Its place in the list by words, from 1.</summary>
    public int? TextRank { get; init; }

    /// <summary>Its place in the list by vectors, from 1.</summary>
    public int? VectorRank { get; init; }

    /// <summary>How far its vector is from the query's.</summary>
    public double? Distance { get; init; }
}

/// <summary>A page of entries.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">Where to go on; null at the end.</param>
/// <param name="Revision">Revision at which it was read.</param>
public sealed record MemoryPageMessage(IReadOnlyList<MemoryEntryMessage> Entries, string? Next, long Revision);

/// <summary>What a write has done.</summary>
/// <param name="Path">The entry, or the prefix.</param>
/// <param name="Version">The version that was stored or deleted.</param>
/// <param name="Revision">Revision afterwards.</param>
/// <param name="Expires">When the entry expires, Unix milliseconds.</param>
/// <param name="Deleted">How many entries were deleted.</param>
public sealed record MemoryWriteMessage(string Path, long Version, long Revision, long? Expires = null, long? Deleted = null);

/// <summary>A change.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Kind">stored, deleted, expired or lagged.</param>
/// <param name="Path">The entry.</param>
/// <param name="Version">The version that was stored or removed.</param>
/// <param name="At">When, Unix milliseconds.</param>
/// <param name="Entry">What was stored, unless it is replaced already.</param>
public sealed record MemoryChangeMessage(long Revision, string Kind, string Path, long Version, long At, MemoryEntryMessage? Entry = null);

/// <summary>A portion of an export.</summary>
/// <param name="Base64">Bytes.</param>
public sealed record MemoryChunkMessage(string Base64);

/// <summary>How many entries an export has.</summary>
/// <param name="Entries">The number.</param>
public sealed record MemoryExportMessage(long Entries);

/// <summary>Says that a restore is under way: from then on there is no time limit.</summary>
/// <param name="Restoring">The file.</param>
public sealed record MemoryRestoringMessage(string Restoring);

/// <summary>What a restore has done.</summary>
/// <param name="Restored">Entries that were written.</param>
/// <param name="Kept">Entries that were kept because they are newer.</param>
/// <param name="Expired">Entries of the file whose time was up.</param>
/// <param name="Revision">Revision afterwards.</param>
public sealed record MemoryRestoreMessage(long Restored, long Kept, long Expired, long Revision);

/// <summary>A namespace.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Entries">Entries directly in it.</param>
/// <param name="Bytes">Bytes of their paths and values.</param>
public sealed record MemoryNamespaceMessage(string Name, long Entries, long Bytes);

/// <summary>A page of namespaces.</summary>
/// <param name="Namespaces">The namespaces.</param>
/// <param name="Next">Where to go on; null at the end.</param>
public sealed record MemoryNamespacesMessage(IReadOnlyList<MemoryNamespaceMessage> Namespaces, string? Next);

/// <summary>How full a memory is; see <see cref="Skep.Memory.MemoryStats"/>.</summary>
public sealed record MemoryStatsMessage
{
    /// <summary>The number of the last change.</summary>
    public required long Revision { get; init; }

    /// <summary>Entries.</summary>
    public required long Entries { get; init; }

    /// <summary>Most entries.</summary>
    public required long MaxEntries { get; init; }

    /// <summary>Bytes of paths and values.</summary>
    public required long Bytes { get; init; }

    /// <summary>Most bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>Entries with a time-to-live.</summary>
    public required long WithTtl { get; init; }

    /// <summary>Expired, and not yet removed.</summary>
    public required long ExpiredUnswept { get; init; }

    /// <summary>Changes that watchers can still see.</summary>
    public required long Changes { get; init; }

    /// <summary>Namespaces.</summary>
    public required long Namespaces { get; init; }

    /// <summary>The largest namespaces.</summary>
    public required IReadOnlyList<MemoryNamespaceMessage> Top { get; init; }

    /// <summary>The owner's cache; null where nobody owns the folder, or without one.</summary>
    public MemoryCacheMessage? Cache { get; init; }

    /// <summary>Whether all entries are in the database's full text.</summary>
    public bool? FullText { get; init; }

    /// <summary>Members of JSON values that filters can name.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>Entries with vectors of callers.</summary>
    public long? OwnVectors { get; init; }

    /// <summary>Models of vectors by namespace; the empty one is the default.</summary>
    public IReadOnlyDictionary<string, string>? Models { get; init; }

    /// <summary>How vectors are indexed, for people, by namespace; the empty one is the default.</summary>
    public IReadOnlyDictionary<string, string>? IndexSettings { get; init; }
}

/// <summary>What the cache of a memory's owner has done since it began; see <see cref="Skep.Memory.Caching.CacheStats"/>.</summary>
/// <param name="Entries">Entries in process.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="MaxBytes">Most bytes.</param>
/// <param name="Evictions">Entries that went to make room.</param>
/// <param name="Hits">Reads served in process with a value.</param>
/// <param name="NegativeHits">Reads told in process that there is none.</param>
/// <param name="StaleHits">Reads served with a value that was then read anew.</param>
/// <param name="Misses">Reads not served in process.</param>
/// <param name="Coalesced">Those of them that waited for another's.</param>
/// <param name="HitRate">The part served in process, 0 to 1.</param>
/// <param name="SharedHits">Answers of the shared cache.</param>
/// <param name="SharedMisses">Questions that it could not answer.</param>
/// <param name="SharedState">off, connecting, up or down.</param>
/// <param name="SharedAddress">Where it is, without secrets.</param>
/// <param name="SharedReason">Why it is down.</param>
public sealed record MemoryCacheMessage(
    long Entries,
    long Bytes,
    long MaxBytes,
    long Evictions,
    long Hits,
    long NegativeHits,
    long StaleHits,
    long Misses,
    long Coalesced,
    double HitRate,
    long SharedHits,
    long SharedMisses,
    string SharedState,
    string? SharedAddress,
    string? SharedReason);

/// <summary>Generated JSON code for requests about memory.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(MemoryArgs))]
[JsonSerializable(typeof(MemoryEntryMessage))]
[JsonSerializable(typeof(MemoryPageMessage))]
[JsonSerializable(typeof(MemoryWriteMessage))]
[JsonSerializable(typeof(MemoryChangeMessage))]
[JsonSerializable(typeof(MemoryChunkMessage))]
[JsonSerializable(typeof(MemoryExportMessage))]
[JsonSerializable(typeof(MemoryRestoringMessage))]
[JsonSerializable(typeof(MemoryRestoreMessage))]
[JsonSerializable(typeof(MemoryNamespacesMessage))]
[JsonSerializable(typeof(MemoryStatsMessage))]
[JsonSerializable(typeof(MemoryFindArgs))]
[JsonSerializable(typeof(MemoryFindMessage))]
[JsonSerializable(typeof(MemoryExplainMessage))]
[JsonSerializable(typeof(MemoryProgressMessage))]
[JsonSerializable(typeof(MemoryReindexArgs))]
[JsonSerializable(typeof(MemoryMapArgs))]
[JsonSerializable(typeof(MemoryMapMessage))]
[JsonSerializable(typeof(MemoryImportArgs))]
[JsonSerializable(typeof(MemoryImportMessage))]
[JsonSerializable(typeof(MemoryReindexMessage))]
public sealed partial class MemoryJson : JsonSerializerContext;
