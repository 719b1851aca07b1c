using System.Text;
using Skep.Embeddings;
using Skep.Memory;

namespace Skep.Orchestration;

/// <summary>Between what the memory says and what goes over the socket, where a line has a bound.</summary>
internal static class MemoryMessages
{
    /// <summary>Longest value that is sent as text: each of its bytes may become six when it is escaped.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>Bytes after which a page takes no further entry, so that with the largest value in base64 it still is one line.</summary>
    private const int MaxPage = 384 * 1024;

    public static MemoryEntryMessage Of(MemoryEntry entry)
    {
        var asText = entry.ContentType != MemoryContentType.Binary && entry.Size <= MaxText;
        return new MemoryEntryMessage
        {
            Path = entry.Path,
            Version = entry.Version,
            Revision = entry.Revision,
            Type = entry.ContentType.Name(),
            Created = entry.CreatedUnixMs,
            Updated = entry.UpdatedUnixMs,
            Expires = entry.ExpiresUnixMs,
            Agent = entry.Author.Agent,
            Task = entry.Author.Task,
            Run = entry.Author.Run,
            Size = entry.Size,
            Tags = entry.Tags.Count > 0 ? entry.Tags : null,
            Text = entry.Value is not null && asText ? entry.Text : null,
            Base64 = entry.Value is { } value && !asText ? Convert.ToBase64String(value.Span) : null,
        };
    }

    /// <summary>A page, cut where it would become too long for a line.</summary>
    public static MemoryPageMessage Of(MemoryPage page)
    {
        var entries = new List<MemoryEntryMessage>(page.Entries.Count);
        long size = 0;
        foreach (var entry in page.Entries)
        {
            if (size > MaxPage) return new MemoryPageMessage(entries, entries[^1].Path, page.Revision);
            var message = Of(entry);
            size += SizeOf(message);
            entries.Add(message);
        }

        return new MemoryPageMessage(entries, page.Next, page.Revision);
    }

    public static MemoryChangeMessage Of(MemoryChange change) =>
        new(change.Revision, KindOf(change.Kind), change.Path, change.Version, change.AtUnixMs, change.Entry is { } entry ? Of(entry) : null);

    public static MemoryNamespacesMessage Of(NamespacePage page) => new([.. page.Namespaces.Select(Of)], page.Next);

    public static MemoryStatsMessage Of(MemoryStats stats, SearchStats search) => new()
    {
        Revision = stats.Revision,
        Entries = stats.Entries,
        MaxEntries = stats.Limits.MaxEntries,
        Bytes = stats.Bytes,
        MaxBytes = stats.Limits.MaxTotalBytes,
        WithTtl = stats.WithTtl,
        ExpiredUnswept = stats.ExpiredUnswept,
        Changes = stats.Changes,
        Namespaces = stats.Namespaces,
        Top = [.. stats.Top.Select(Of)],
        Cache = stats.Cache is { } cache ? Of(cache) : null,
        FullText = search.HasFullText,
        Fields = search.Fields,
        OwnVectors = search.OwnVectors,
        Models = search.Models,
        IndexSettings = search.Settings.ToDictionary(static s => s.Key, static s => s.Value.Version == 0 ? s.Value.ToString() : $"{s.Value} (version {s.Value.Version})", StringComparer.Ordinal),
    };

    private static MemoryCacheMessage Of(Skep.Memory.Caching.CacheStats cache) => new(
        cache.Entries,
        cache.Bytes,
        cache.MaxBytes,
        cache.Evictions,
        cache.Hits,
        cache.NegativeHits,
        cache.StaleHits,
        cache.Misses,
        cache.Coalesced,
        Math.Round(cache.HitRate, 4),
        cache.SharedHits,
        cache.SharedMisses,
        cache.Shared.State,
        cache.Shared.Address,
        cache.Shared.Reason);

    /// <summary>The value that is to be stored.</summary>
    public static ReadOnlyMemory<byte> ValueOf(MemoryArgs args)
    {
        if (args.Text is not null && args.Base64 is not null) throw new RequestException(RequestCodes.BadRequest, "a value is given as text or as base64, not both");
        if (args.Text is { } text) return Encoding.UTF8.GetBytes(text);
        try
        {
            return Convert.FromBase64String(args.Base64 ?? throw new RequestException(RequestCodes.BadRequest, "the value is missing: give text or base64"));
        }
        catch (FormatException e)
        {
            throw new RequestException(RequestCodes.BadRequest, $"the value is not base64: {e.Message}");
        }
    }

    /// <summary>The vector that is to be stored, if any.</summary>
    public static EntryVector? VectorOf(MemoryArgs args)
    {
        if (args.Vector is not { } numbers) return args.VectorModel is null ? null : throw new RequestException(RequestCodes.BadRequest, "a vector's model is given without the vector");
        return new EntryVector(ModelOf(args.VectorModel ?? throw new RequestException(RequestCodes.BadRequest, "name what made the vector (vectorModel), as NAME:DIMENSIONS:unit or NAME:DIMENSIONS:raw")), numbers);
    }

    /// <summary>A model's identity.</summary>
    public static EmbeddingModelId ModelOf(string text) =>
        EmbeddingModelId.TryParse(text, out var model) ? model : throw new RequestException(RequestCodes.BadRequest, $"'{Text.Shorten(text, 80)}' does not name what makes vectors: write NAME:DIMENSIONS:unit or NAME:DIMENSIONS:raw");

    public static RestoreMode ModeOf(string? mode) => mode switch
    {
        null or "empty" => RestoreMode.IntoEmpty,
        "newer" => RestoreMode.KeepNewer,
        "overwrite" => RestoreMode.Overwrite,
        _ => throw new RequestException(RequestCodes.BadRequest, $"'{Text.Shorten(mode, 40)}' is no way to restore; it is empty, newer or overwrite"),
    };

    private static string KindOf(MemoryChangeKind kind) => kind switch
    {
        MemoryChangeKind.Stored => "stored",
        MemoryChangeKind.Deleted => "deleted",
        MemoryChangeKind.Expired => "expired",
        _ => "lagged",
    };

    private static MemoryNamespaceMessage Of(NamespaceInfo info) => new(info.Name, info.Entries, info.Bytes);

    /// <summary>At least what it takes as JSON; the constant stands for names and numbers.</summary>
    private static long SizeOf(MemoryEntryMessage entry)
    {
        var texts = entry.Path.Length + (entry.Tags?.Sum(static t => t.Length + 1) ?? 0) + (entry.Agent?.Length ?? 0) + (entry.Task?.Length ?? 0) + (entry.Run?.Length ?? 0) + (entry.Text?.Length ?? 0);
        return 300 + (6L * texts) + (entry.Base64?.Length ?? 0);
    }
}
