namespace Skep.Storage.Tests;

public sealed class ModuleTests : IDisposable
{
    private static readonly StoreModule Words = new("words", ["CREATE TABLE words_list (word TEXT PRIMARY KEY, length INTEGER NOT NULL)"]);
    private static readonly StoreModule Wider = new("words", [.. Words.Steps, "ALTER TABLE words_list ADD COLUMN note TEXT"]);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_component_writes_is_read_back_by_another_process()
    {
        await using (var store = Open(Words)) Assert.Equal(5, await Add(store, "honey"));
        await using var reader = SqliteStore.OpenReader(_folder.Folder);
        Assert.Equal(["honey"], List(reader));
    }

    [Fact]
    public async Task Work_that_throws_undoes_its_own_changes_only()
    {
        await using var store = Open(Words);
        var failing = store.WriteAsync<int>(sql =>
        {
            Insert(sql, "lost");
            throw new FormatException("no such word");
        });
        var kept = Add(store, "kept");
        Assert.Equal("no such word", (await Assert.ThrowsAsync<FormatException>(() => failing)).Message);
        await kept;
        Assert.Equal(["kept"], List(store));
    }

    [Fact]
    public async Task A_violated_constraint_fails_its_caller_and_not_the_group()
    {
        await using var store = Open(Words);
        await Add(store, "twice");
        var writes = Enumerable.Range(0, 20).Select(i => Add(store, i == 7 ? "twice" : $"word{i}")).ToList();
        foreach (var (write, i) in writes.Select((w, i) => (w, i)))
        {
            if (i == 7) await Assert.ThrowsAsync<StorageException>(() => write);
            else await write;
        }

        Assert.Equal(20, List(store).Count);
    }

    [Fact]
    public async Task A_single_statement_reads_what_is_committed_by_then_and_leaves_no_transaction_open()
    {
        await using var store = Open(Words);
        await Add(store, "honey");
        Assert.Equal(5, Length(store, "honey"));
        await Add(store, "comb");
        Assert.Equal(4, Length(store, "comb"));
        Assert.Equal(-1, Length(store, "nectar"));
        Assert.Equal(["comb", "honey"], List(store).Order(StringComparer.Ordinal));
        await using var empty = SqliteStore.OpenReader(_folder.Folder);
        Assert.Equal(-2, empty.ReadOne(new StoreModule("others", []), 0, static (_, _) => 1L, -2L));

        static long Length(SqliteStore store, string word) => store.ReadOne(
            Words,
            word,
            static (sql, word) =>
            {
                var row = sql.Sql("SELECT length FROM words_list WHERE word = ?1").Bind(1, word);
                return row.Step() ? row.Number(0) : -1; // Left at its row: the store ends it.
            },
            -2L);
    }

    [Fact]
    public async Task Tables_are_brought_up_to_date_by_the_next_owner_and_a_reader_before_that_is_told()
    {
        await using (var store = Open(Words)) await Add(store, "old");
        await using (var early = SqliteStore.OpenReader(_folder.Folder))
            Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => early.Read(Wider, static _ => 0, 0)).Fault);
        await using var newer = Open(Wider);
        Assert.Equal(["old"], newer.Read(Wider, static sql => Names(sql.Sql("SELECT word FROM words_list WHERE note IS NULL")), []));
    }

    [Fact]
    public async Task Tables_of_a_newer_program_are_left_alone()
    {
        await using (var store = Open(Wider)) await Add(store, "new");
        Assert.Equal(StorageFault.TooNew, Assert.Throws<StorageException>(() => Open(Words)).Fault);
        await using var reader = SqliteStore.OpenReader(_folder.Folder);
        Assert.Equal(StorageFault.TooNew, Assert.Throws<StorageException>(() => List(reader)).Fault);
    }

    [Fact]
    public async Task A_component_that_never_wrote_is_read_as_empty()
    {
        await using var reader = SqliteStore.OpenReader(_folder.Folder);
        Assert.Empty(List(reader));
        await using (Open()) { }
        Assert.Empty(List(reader));
    }

    private SqliteStore Open(params StoreModule[] modules) => SqliteStore.OpenOwner(_folder.Folder, new StoreOptions { Modules = modules });

    private static Task<int> Add(SqliteStore store, string word) => store.WriteAsync(sql => Insert(sql, word));

    private static int Insert(SqlSession sql, string word)
    {
        sql.Sql("INSERT INTO words_list (word, length) VALUES (?1, ?2)").Bind(1, word).Bind(2, word.Length).Run();
        Assert.Equal(1, sql.Changes);
        return word.Length;
    }

    private static List<string> List(SqliteStore store) => store.Read(Words, static sql => Names(sql.Sql("SELECT word FROM words_list ORDER BY word")), []);

    private static List<string> Names(SqlStatement statement)
    {
        var names = new List<string>();
        while (statement.Step()) names.Add(statement.Text(0));
        return names;
    }
}
