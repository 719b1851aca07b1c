using System.Text;
using Skep.Memory.Tables;
using Skep.Storage;

namespace Skep.Memory.Searching;

/// <summary>Looks at one entry after the other. A page ends early, possibly empty, when it has looked at many.</summary>
internal sealed class Searcher(SearchRequest request)
{
    private readonly Glob? _glob = request.Glob is { } glob ? new Glob(glob) : null;
    private readonly MemoryPrefix _prefix = MemoryPrefix.Parse(request.Prefix);

    internal MemoryPage Run(SqlSession sql)
    {
        var found = new List<MemoryEntry>();
        var (scanned, bytes) = (0, 0L);
        string? last = null;
        // Values are large, so they are read only where they are searched.
        foreach (var entry in EntryReader.Scan(sql, _prefix, request.After, withValues: request.Text is not null))
        {
            if (found.Count == request.Limit || scanned == MemoryLimits.MaxScanned || bytes > MemoryLimits.MaxPageBytes) return Page(sql, found, last);
            (scanned, bytes, last) = (scanned + 1, bytes + (entry.Value?.Length ?? 0), entry.Path);
            if (Matches(entry)) found.Add(entry with { Value = null });
        }

        return Page(sql, found, null);
    }

    private static MemoryPage Page(SqlSession sql, List<MemoryEntry> found, string? next) => new(found, next, MemoryState.Load(sql).Revision);

    private bool Matches(MemoryEntry entry)
    {
        if (_glob is not null && !_glob.Matches(entry.Path)) return false;
        if (request.Text is not { } text) return true;
        if (entry.Path.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
        return entry.ContentType != MemoryContentType.Binary && Encoding.UTF8.GetString(entry.Value!.Value.Span).Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
