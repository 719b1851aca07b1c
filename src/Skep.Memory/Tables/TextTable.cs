using System.Runtime.CompilerServices;
using System.Text;
using Skep.Embeddings.FullText;
using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>
/// The full text of entries in SQLite's FTS5, which follows the entries by some, see <see cref="SearchWrites"/>. It holds no copy of the texts: what is to leave it must be told it
/// again word by word, which is why <see cref="TextOf"/> must for ever make the same text of the same value.
/// </summary>
internal static class TextTable
{
    /// <summary>Bytes of a value that are indexed; what comes after them is not found.</summary>
    internal const int MaxBytes = 64 * 1024;

    // automerge: commits that write one entry each would else spend more on merging than on writing (measured: 250 µs a commit against 60).
    private const string Create =
        $"CREATE VIRTUAL TABLE memory_texts USING fts5(path, text, content = '', tokenize = '{Fts5.Tokenizer}')";

    private const string Tune = "INSERT INTO memory_texts (memory_texts, rank) VALUES ('automerge', 16)";

    private static volatile StrongBox<bool>? _isPossible;

    /// <summary>What is indexed of a value.</summary>
    internal static string TextOf(MemoryContentType type, ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(BytesOf(type, value));

    /// <summary>The bytes that <see cref="TextOf"/> is made of.</summary>
    internal static ReadOnlySpan<byte> BytesOf(MemoryContentType type, ReadOnlySpan<byte> value)
    {
        if (type == MemoryContentType.Binary) return [];
        if (value.Length <= MaxBytes) return value;
        var end = MaxBytes;
        while ((value[end] & 0xC0) == 0x80) end--; // Not in the middle of a character.
        return value[..end];
    }

    /// <summary>Whether this SQLite has FTS5.</summary>
    internal static bool IsPossible(SqlSession sql)
    {
        // A process has one SQLite. To ask it takes a fifth of the time of a store.
        if (_isPossible is { } known) return known.Value;
        var row = sql.Sql(Fts5.IsThere);
        var possible = row.Step();
        row.Reset();
        _isPossible = new StrongBox<bool>(possible);
        return possible;
    }

    /// <summary>Makes the table, empty. All entries that are there wait to be filled in.</summary>
    internal static TextState Make(SqlSession sql)
    {
        Drop(sql);
        sql.Sql(Create).Run();
        sql.Sql(Tune).Run();
        OutdatedTexts.Clear(sql);
        new TextState(IsThere: true, 0, 0, 0).Save(sql);
        return TextState.Load(sql);
    }

    /// <summary>Adds a text.</summary>
    internal static void Add(SqlSession sql, long id, string path, string text) =>
        sql.Sql("INSERT INTO memory_texts (rowid, path, text) VALUES (?1, ?2, ?3)").Bind(1, id).Bind(2, path).Bind(3, text).Run();

    /// <summary>Takes a text out, which must be the one that was added.</summary>
    internal static void Remove(SqlSession sql, long id, string path, string text) =>
        sql.Sql("INSERT INTO memory_texts (memory_texts, rowid, path, text) VALUES ('delete', ?1, ?2, ?3)").Bind(1, id).Bind(2, path).Bind(3, text).Run();

    private static void Drop(SqlSession sql)
    {
        var row = sql.Sql("SELECT 1 FROM sqlite_master WHERE name = 'memory_texts'");
        var isThere = row.Step();
        row.Reset();
        if (isThere) sql.Sql("DROP TABLE memory_texts").Run();
    }
}
