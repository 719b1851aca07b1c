using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Keeps what searching needs in step with the entries, within their transaction.</summary>
internal sealed class SearchWrites
{
    private readonly SqlSession _sql;
    private readonly bool _isPossible;
    private TextState _texts;

    internal SearchWrites(SqlSession sql)
    {
        _sql = sql;
        _isPossible = TextTable.IsPossible(sql);
        _texts = TextState.Load(sql);
    }

    /// <summary>Before an entry's row is written.</summary>
    internal void Store(string path, in EntryContent content)
    {
        Prepare();
        if (content.Vector is { } vector) ModelTable.RequireFor(_sql, path, vector.Model);
        var id = DocTable.Find(_sql, path);
        var isNew = id == 0;
        if (isNew) id = DocTable.Last(_sql) + 1;
        DocTable.Put(_sql, path, id, MemoryTags.Join(content.Tags));
        if (_texts.Covers(id)) Index(path, id, isNew, content);
        if (content.Vector is { } brought) VectorTable.Put(_sql, path, brought);
        else if (!isNew) VectorTable.Remove(_sql, path);
        if (content.Type == MemoryContentType.Json) FieldTable.Learn(_sql, content.Value.Span);
    }

    /// <summary>Before an entry's row is removed.</summary>
    internal void Remove(string path)
    {
        Prepare();
        var id = DocTable.Find(_sql, path);
        if (_texts.Covers(id) && TextNow(path) is { } text) TextTable.Remove(_sql, id, path, text);
        DocTable.Remove(_sql, path);
        VectorTable.Remove(_sql, path);
    }

    /// <summary>
    /// The first write of a program that can makes the table. One that cannot marks it as no longer true: whoever can next makes it anew.
    /// </summary>
    private void Prepare()
    {
        if (_isPossible == _texts.IsThere) return;
        if (_isPossible) _texts = TextTable.Make(_sql);
        else (_texts = default).Save(_sql);
    }

    private void Index(string path, long id, bool isNew, in EntryContent content)
    {
        var text = TextTable.TextOf(content.Type, content.Value.Span);
        if (!isNew && TextNow(path) is { } before)
        {
            if (before == text) return;
            TextTable.Remove(_sql, id, path, before);
        }

        TextTable.Add(_sql, id, path, text);
    }

    private string? TextNow(string path)
    {
        var row = _sql.Sql("SELECT type, value FROM memory_entries WHERE path = ?1").Bind(1, path);
        var text = row.Step() ? TextTable.TextOf((MemoryContentType)row.Number(0), row.Blob(1)) : null;
        row.Reset();
        return text;
    }
}
