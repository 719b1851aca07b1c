using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>Brings the full text up to the entries: what is outdated leaves it, what is missing comes in.</summary>
internal static class TextCatchUp
{
    /// <summary>All of it.</summary>
    internal static TextState Run(SqlSession sql) => Run(sql, int.MaxValue, long.MaxValue);

    /// <summary>A portion of it. A backlog of what stores leave is one portion, so that no reader ever sees a text gone and its successor missing.</summary>
    /// <param name="sql">Within a transaction.</param>
    /// <param name="rows">Most texts that leave, and that come in.</param>
    /// <param name="bytes">Bytes of texts after which it ends early.</param>
    internal static TextState Run(SqlSession sql, int rows, long bytes)
    {
        OutdatedTexts.TakeOut(sql, rows, bytes);
        var state = TextState.Load(sql);
        var next = state with { Filled = PutIn(sql, state, rows, bytes) };
        if (next != state) next.Save(sql); // Else nothing may have been written, and nobody need wait for the disk.
        return next;
    }

    /// <returns>Up to which number all are in it.</returns>
    private static long PutIn(SqlSession sql, TextState state, int rows, long bytes)
    {
        var (last, fields) = (state.Filled, new FieldTable(sql));
        var row = sql.Sql("SELECT d.id, e.path, e.type, e.value FROM memory_docs d JOIN memory_entries e ON e.path = d.path WHERE d.id > ?1 ORDER BY d.id LIMIT ?2").Bind(1, last).Bind(2, rows);
        while (bytes > 0 && rows > 0 && row.Step())
        {
            (last, rows, bytes) = (row.Number(0), rows - 1, bytes - row.Blob(3).Length);
            var type = EntryRow.TypeIn(row.Number(2));
            TextTable.Add(sql, last, row.Text(1), TextTable.TextOf(type, row.Blob(3)));
            if (type == MemoryContentType.Json) fields.Learn(row.Blob(3)); // Of entries that are older than the table of fields nobody knows them yet.
        }

        row.Reset();
        return bytes > 0 && rows > 0 ? state.Last : last;
    }
}
