using Skep.Embeddings.FullText;
using Skep.Storage;

namespace Skep.Embeddings.Tests.FullText;

/// <summary>Expressions against the real FTS5.</summary>
public sealed class Fts5Tests : IAsyncLifetime
{
    private static readonly string[] Texts =
    [
        "the queen folds events", "a \"quoted\" word", "NEAR AND OR NOT", "column: text", "Größe und Straße", "日本語のテキスト", "an e-mail to bob@example.org", "it doesn't fold",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("skep-fts-").FullName;
    private SqliteStore _store = null!;

    public Task InitializeAsync()
    {
        var module = new StoreModule("fts", [$"CREATE VIRTUAL TABLE fts_texts USING fts5(text, tokenize = '{Fts5.Tokenizer}')"]);
        _store = SqliteStore.OpenOwner(SkepFolder.Create(_directory), new StoreOptions { Modules = [module] });
        return _store.WriteAsync(sql =>
        {
            for (var i = 0; i < Texts.Length; i++) sql.Sql("INSERT INTO fts_texts (rowid, text) VALUES (?, ?)").Bind(1, i).Bind(2, Texts[i]).Run();
            return 0;
        });
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_connection_can_be_asked_whether_it_has_FTS5() => Assert.True(await _store.WriteAsync(sql => sql.Sql(Fts5.IsThere).Step()));

    [Theory]
    [InlineData("folding", "0,7")]
    [InlineData("event", "0")]
    [InlineData("\"quoted\"", "1")]
    [InlineData("'; DROP TABLE fts_texts; --", "3")]
    [InlineData("near", "2")]
    [InlineData("AND", "2")]
    [InlineData("NOT queen", "0")]
    [InlineData("text : queen", "0,3")]
    [InlineData("column:queen", "0,3")]
    [InlineData("que*", "")]
    [InlineData("^queen", "0")]
    [InlineData("queen -events", "0")]
    [InlineData("{text} : (queen", "0,3")]
    [InlineData("grosse", "")]
    [InlineData("GROSSE größe", "4")]
    [InlineData("GRÖSSE", "")]
    [InlineData("日本語のテキスト", "5")]
    [InlineData("bob@example.org", "6")]
    [InlineData("queen\0events", "0")]
    [InlineData("queen\ud83d", "0")]
    [InlineData("\"\"\"", null)]
    [InlineData("", null)]
    [InlineData("🐝 → !", null)]
    public async Task What_people_type_means_its_words_and_nothing_else(string typed, string? found)
    {
        var expression = Fts5.Expression(typed);
        if (found is null) Assert.Null(expression);
        else Assert.Equal(found, string.Join(',', (await FindAsync(expression!)).Order()));
    }

    [Fact]
    public async Task All_words_can_be_demanded()
    {
        Assert.Equal([0L], await FindAsync(Fts5.Expression("fold queen", Fts5Match.All)!));
        Assert.Equal([0L, 7L], (await FindAsync(Fts5.Expression("fold queen")!)).Order());
    }

    [Fact]
    public void Stop_words_are_left_out_unless_there_is_nothing_else()
    {
        Assert.Equal("\"queen\"", Fts5.Expression("who is the queen"));
        Assert.Equal("\"who\" OR \"is\"", Fts5.Expression("who is who"));
    }

    [Fact]
    public void An_expression_is_bounded()
    {
        var expression = Fts5.Expression(string.Join(' ', Enumerable.Range(0, 10_000).Select(i => $"w{i}")) + new string('x', 100_000))!;
        Assert.Equal(Fts5.MaxWords, expression.Split(" OR ").Length);
        Assert.Null(Fts5.Expression(new string('x', Fts5.MaxWord + 1)));
    }

    [Fact]
    public void No_text_at_all_is_an_error() => Anything.Holds<string>(300, text =>
    {
        foreach (var match in Enum.GetValues<Fts5Match>())
        {
            if (Fts5.Expression(text ?? "", match) is { } expression) Assert.NotNull(FindAsync(expression).GetAwaiter().GetResult());
        }
    });

    private Task<List<long>> FindAsync(string expression) => _store.WriteAsync(sql =>
    {
        var found = new List<long>();
        var statement = sql.Sql("SELECT rowid FROM fts_texts WHERE fts_texts MATCH ? ORDER BY rank, rowid").Bind(1, expression);
        while (statement.Step()) found.Add(statement.Number(0));
        return found;
    });
}
