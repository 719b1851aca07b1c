using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>
/// Changes within one transaction of the writer, at one time. It may be run again from the start when the group it belongs to fails, so it
/// keeps nothing outside.
/// <para>
/// Versions: an entry counts 1, 2, 3 …. A new entry begins above <c>retired</c>, the highest version that any removed entry ever had: so an entry
/// that is deleted and made again never has a version that an earlier reader could mistake for what it saw, and no tombstones are needed for that.
/// A restored entry keeps the version of the file; its <c>floor</c> makes the next one exceed all that it may have had before.
/// </para>
/// </summary>
internal sealed class MemoryTransaction
{
    private readonly SqlSession _sql;
    private readonly MemoryLimits _limits;
    private readonly long _now;
    private readonly string? _request;
    private readonly NamespaceTotals _namespaces;
    private readonly SearchWrites _search;
    private MemoryState _state;

    internal MemoryTransaction(SqlSession sql, MemoryLimits limits, long now, string? request = null)
    {
        (_sql, _limits, _now, _request) = (sql, limits, now, request);
        _namespaces = new NamespaceTotals(sql);
        _search = new SearchWrites(sql);
        _state = MemoryState.Load(sql);
        StartRevision = _state.Revision;
    }

    /// <summary>The revision before the first change.</summary>
    internal long StartRevision { get; }

    /// <summary>The revision with the changes so far.</summary>
    internal long Revision => _state.Revision;

    /// <summary>What has changed so far, for caches.</summary>
    internal ChangedPaths Changed { get; } = new();

    /// <summary>The highest version that any removed entry ever had.</summary>
    internal long Retired => _state.Retired;

    /// <summary>Writes down what was counted; the last step.</summary>
    internal void Finish()
    {
        if (Revision == StartRevision) return;
        _search.Finish();
        _namespaces.Save();
        _state.Save(_sql);
    }

    /// <summary>An entry that exists. One whose time is up is removed, so that it is absent for all that follows.</summary>
    internal EntryHead? FindLive(string path)
    {
        var head = EntryHead.Find(_sql, path);
        if (head is null || !EntryRow.IsExpired(head.Expires, _now)) return head;
        Remove(head, MemoryChangeKind.Expired);
        return null;
    }

    /// <summary>What an earlier delivery of the same request did to the entry; null when there was none.</summary>
    internal WriteResult? Earlier(string path)
    {
        if (_request is null) return null;
        var row = _sql.Sql("SELECT version FROM memory_changes WHERE rev > ?1 AND request = ?2 AND path = ?3").Bind(1, Revision - MemoryLimits.MaxRepeated).Bind(2, _request).Bind(3, path);
        WriteResult? earlier = row.Step() ? new WriteResult(true, row.Number(0), Revision) : null;
        row.Reset();
        return earlier;
    }

    /// <summary>Writes an entry anew.</summary>
    internal void Create(string path, long version, long floor, in EntryContent content)
    {
        MakeRoom(1, EntryRow.BytesOf(path, content.Value.Length), path);
        Count(path, 1, EntryRow.BytesOf(path, content.Value.Length));
        Write(path, version, floor, content);
    }

    /// <summary>Replaces what an entry holds.</summary>
    internal void Replace(EntryHead head, long version, long floor, in EntryContent content)
    {
        var more = content.Value.Length - head.Size;
        MakeRoom(0, more, head.Path);
        Count(head.Path, 0, more);
        Write(head.Path, version, floor, content);
    }

    /// <summary>Removes an entry.</summary>
    internal void Remove(EntryHead head, MemoryChangeKind kind)
    {
        _search.Remove(head.Path);
        _sql.Sql("DELETE FROM memory_entries WHERE path = ?1").Bind(1, head.Path).Run();
        Count(head.Path, -1, -head.Bytes);
        _state = _state with { Retired = Math.Max(_state.Retired, head.Highest) };
        Log(kind, head.Path, head.Version);
    }

    /// <summary>Entries of a stretch, expired ones included, that were last written up to a revision.</summary>
    internal List<EntryHead> InRange(PathRange range, long upToRevision, int limit) => EntryHead.InRange(_sql, range, upToRevision, limit);

    /// <summary>Removes the oldest expired entries, at most one chunk of them.</summary>
    /// <returns>How many.</returns>
    internal int Sweep()
    {
        var expired = EntryHead.Expired(_sql, _now, _limits.SweepChunk);
        foreach (var head in expired) Remove(head, MemoryChangeKind.Expired);
        return expired.Count;
    }

    private void Write(string path, long version, long floor, in EntryContent content)
    {
        Log(MemoryChangeKind.Stored, path, version);
        _search.Store(path, content);
        _sql.Sql(
                """
                INSERT INTO memory_entries (path, version, floor, rev, type, created, updated, expires, agent, task, run, size, value)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                ON CONFLICT (path) DO UPDATE SET version = excluded.version, floor = excluded.floor, rev = excluded.rev, type = excluded.type,
                    created = excluded.created, updated = excluded.updated, expires = excluded.expires, agent = excluded.agent, task = excluded.task,
                    run = excluded.run, size = excluded.size, value = excluded.value
                """)
            .Bind(1, path).Bind(2, version).Bind(3, floor).Bind(4, Revision).Bind(5, EntryRow.TypeOf(content))
            .Bind(6, content.Created).Bind(7, content.Updated).Bind(8, content.Expires)
            .Bind(9, content.Author.Agent).Bind(10, content.Author.Task).Bind(11, content.Author.Run)
            .Bind(12, content.Value.Length).Bind(13, content.Value.Span).Run();
    }

    private void Log(MemoryChangeKind kind, string path, long version)
    {
        _state = _state with { Revision = _state.Revision + 1 };
        _sql.Sql("INSERT INTO memory_changes (rev, kind, path, version, at, request) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(1, Revision).Bind(2, (long)kind).Bind(3, path).Bind(4, version).Bind(5, _now).Bind(6, kind == MemoryChangeKind.Expired ? null : _request).Run();
        Changed.Add(path, Revision, removed: kind != MemoryChangeKind.Stored);
        if (Revision % ChangeLog.TrimEvery == 0) ChangeLog.Trim(_sql, Revision - _limits.MaxChanges);
    }

    private void Count(string path, int entries, long bytes)
    {
        if (entries == 0 && bytes == 0) return;
        _namespaces.Add(MemoryPath.NamespaceOf(path), entries, bytes);
        _state = _state with { Entries = _state.Entries + entries, Bytes = _state.Bytes + bytes };
    }

    /// <summary>Throws when there is no room, not even after what has expired is gone.</summary>
    private void MakeRoom(int entries, long bytes, string path)
    {
        while (Fault(entries, bytes) is { } fault)
        {
            if (Sweep() == 0) throw new MemoryException(MemoryFault.Full, $"'{path}' cannot be stored: {fault}; delete what is no longer needed, or give entries a time-to-live");
        }
    }

    private string? Fault(int entries, long bytes)
    {
        if (entries > 0 && _state.Entries + entries > _limits.MaxEntries) return $"the memory holds {_state.Entries} entries and may hold {_limits.MaxEntries}";
        if (bytes > 0 && _state.Bytes + bytes > _limits.MaxTotalBytes) return $"the memory holds {_state.Bytes} bytes, may hold {_limits.MaxTotalBytes}, and {bytes} more are needed";
        return null;
    }
}
