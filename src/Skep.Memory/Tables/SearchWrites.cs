using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>
/// Keeps what searching needs in step with the entries, within their transaction; but for the words, whose tables are written for some entries at once: for one they would take
/// longer than all the rest of a store. A new text gets a number above all that the full text covers; one that is replaced or removed is noted as outdated. Who searches
/// for words lets the full text catch up first, and the transaction with which too much would wait does so itself.
/// </summary>
internal sealed class SearchWrites
{
    /// <summary>Bytes from which on a text is not left for later, so that what waits is bounded in bytes, too: 64 texts by 256 KiB.</summary>
    internal const int LongText = 4 * 1024;

    private readonly SqlSession _sql;
    private readonly bool _isPossible;
    private readonly FieldTable _fields;
    private TextState _texts;
    private bool _keepsUp;
    private bool _isLong;

    internal SearchWrites(SqlSession sql)
    {
        (_sql, _fields) = (sql, new FieldTable(sql));
        _isPossible = TextTable.IsPossible(sql);
        _texts = TextState.Load(sql);
        _keepsUp = _texts.IsKeptUp;
    }

    /// <summary>Before an entry's row is written.</summary>
    internal void Store(string path, in EntryContent content)
    {
        Prepare();
        if (content.Vector is { } vector) ModelTable.RequireFor(_sql, path, vector.Model);
        var id = DocTable.Find(_sql, path);
        var isNew = id == 0;
        if (isNew || LeavesText(path, id, content)) id = NextId();
        DocTable.Put(_sql, path, id, MemoryTags.Join(content.Tags));
        if (!_texts.Covers(id) && TextTable.BytesOf(content.Type, content.Value.Span).Length > LongText) _isLong = true;
        if (content.Vector is { } brought) VectorTable.Put(_sql, path, brought);
        else if (!isNew) VectorTable.Remove(_sql, path);
        if (content.Type == MemoryContentType.Json) _fields.Learn(content.Value.Span);
    }

    /// <summary>Before an entry's row is removed.</summary>
    internal void Remove(string path)
    {
        Prepare();
        var id = DocTable.Find(_sql, path);
        if (_texts.Covers(id)) LeavesText(path, id, null);
        DocTable.Remove(_sql, path);
        VectorTable.Remove(_sql, path);
    }

    /// <summary>After the last entry. Where more was waiting before, as the table is new to these entries, a search will see to it in portions.</summary>
    internal void Finish()
    {
        if (_isPossible && _keepsUp && (_isLong || _texts.Backlog > TextState.MaxBacklog)) TextCatchUp.Run(_sql);
    }

    /// <summary>
    /// The first write of a program that can makes the table. One that cannot marks it as no longer true: whoever can next makes it anew.
    /// </summary>
    private void Prepare()
    {
        if (_isPossible == _texts.IsThere) return;
        if (_isPossible) _texts = TextTable.Make(_sql);
        else (_texts = _texts with { IsThere = false }).Save(_sql);
        _keepsUp = _texts.IsKeptUp;
    }

    /// <summary>A number that no text in the full text has, nor had.</summary>
    private long NextId() => (_texts = _texts with { Last = Math.Max(_texts.Last, _texts.Filled) + 1 }).Last;

    /// <summary>Notes that an entry's text is to leave the full text, if it is in it and does not stay the same.</summary>
    private bool LeavesText(string path, long id, in EntryContent? content)
    {
        if (!_texts.Covers(id)) return false;
        var row = _sql.Sql("SELECT type, value FROM memory_entries WHERE path = ?1").Bind(1, path);
        var leaves = row.Step() && !(content is { } next && Bytes(row).SequenceEqual(TextTable.BytesOf(next.Type, next.Value.Span)));
        if (leaves) Outdate(id, path, Bytes(row));
        row.Reset();
        return leaves;
    }

    private static ReadOnlySpan<byte> Bytes(SqlStatement row) => TextTable.BytesOf(EntryRow.TypeIn(row.Number(0)), row.Blob(1));

    private void Outdate(long id, string path, ReadOnlySpan<byte> text)
    {
        OutdatedTexts.Add(_sql, id, path, text);
        _texts = _texts with { Outdated = _texts.Outdated + 1 };
        if (text.Length > LongText) _isLong = true;
    }
}
