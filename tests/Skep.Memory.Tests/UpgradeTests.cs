using System.Text;
using Skep.Storage;

namespace Skep.Memory.Tests;

/// <summary>Folders that earlier versions have written.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly string _project = Directory.CreateTempSubdirectory("skep-memory-").FullName;
    private readonly SkepFolder _folder;

    public UpgradeTests() => _folder = SkepFolder.Create(_project);

    public void Dispose() => Directory.Delete(_project, recursive: true);

    [Theory]
    [InlineData(0, 0)] // All were written since there is full text.
    [InlineData(1, 3)] // One that was being filled in when the process died.
    [InlineData(3, 3)]
    public async Task Entries_of_version_3_keep_their_tags_and_words_and_can_be_replaced_and_removed(int filled, int wanted)
    {
        await WriteAsVersion3(filled, wanted);
        await using var store = SqliteStore.OpenOwner(_folder, new StoreOptions { Modules = [MemoryStore.Module] });
        await using var memory = MemoryStore.Open(store, TimeProvider.System);
        await using var search = MemorySearch.OpenReader(memory);
        Assert.Equal(["red", "ripe"], memory.Get("a/1")!.Tags);
        Assert.Equal(MemoryContentType.Json, memory.Get("a/1")!.ContentType);
        Assert.Empty(memory.Get("a/2")!.Tags);
        Assert.Equal([2, 0, 2], memory.List("a").Entries.Select(static e => e.Tags.Count));
        Assert.Equal(["a/1", "a/2", "a/3"], await Found(search, "honey"));
        await memory.StoreAsync(new StoreRequest("a/2", "nectar"u8.ToArray()) { Tags = ["green"] });
        await memory.StoreAsync(new StoreRequest("a/3", "{\"text\": \"honey number3\"}"u8.ToArray()) { ContentType = MemoryContentType.Json });
        await memory.DeleteAsync("a/1");
        await memory.StoreAsync(new StoreRequest("a/4", "honey"u8.ToArray()));
        Assert.Equal(["a/3", "a/4"], await Found(search, "honey"));
        Assert.Equal(["a/2"], await Found(search, "nectar"));
        Assert.Equal(["green"], memory.Get("a/2")!.Tags);
        Assert.Empty(memory.Get("a/3")!.Tags);
        Assert.Equal(2, memory.Get("a/2")!.Version);
    }

    /// <summary>With the statements of that version.</summary>
    private async Task WriteAsVersion3(int filled, int wanted)
    {
        await using var store = SqliteStore.OpenOwner(_folder, new StoreOptions { Modules = [new StoreModule("memory", [.. MemoryStore.Module.Steps.Take(3)])] });
        await store.WriteAsync(sql =>
        {
            sql.Sql("CREATE VIRTUAL TABLE memory_texts USING fts5(path, text, content = '', tokenize = 'porter unicode61 remove_diacritics 2')").Run();
            for (var i = 1; i <= 3; i++)
            {
                var value = Encoding.UTF8.GetBytes($"{{\"text\": \"honey number{i}\"}}");
                sql.Sql("INSERT INTO memory_docs (path, id, tags) VALUES (?1, ?2, ?3)").Bind(1, $"a/{i}").Bind(2, i).Bind(3, i == 2 ? null : "red\nripe").Run();
                if (i <= filled || i > wanted) sql.Sql("INSERT INTO memory_texts (rowid, path, text) VALUES (?1, ?2, ?3)").Bind(1, i).Bind(2, $"a/{i}").Bind(3, Encoding.UTF8.GetString(value)).Run();
                sql.Sql("INSERT INTO memory_entries (path, version, floor, rev, type, created, updated, expires, agent, task, run, size, value) VALUES (?1, 1, 0, ?2, ?3, 1, 1, NULL, NULL, NULL, NULL, ?4, ?5)")
                    .Bind(1, $"a/{i}").Bind(2, i).Bind(3, (long)MemoryContentType.Json).Bind(4, value.Length).Bind(5, value).Run();
                sql.Sql("INSERT INTO memory_changes (rev, kind, path, version, at) VALUES (?1, 0, ?2, 1, 1)").Bind(1, i).Bind(2, $"a/{i}").Run();
            }

            sql.Sql("INSERT INTO memory_namespaces (name, entries, bytes) VALUES ('a', 3, 90)").Run();
            sql.Sql("UPDATE memory_state SET rev = 3, entries = 3, bytes = 90").Run();
            sql.Sql("UPDATE memory_search SET texts = 1, filled = ?1, wanted = ?2").Bind(1, filled).Bind(2, wanted).Run();
            return 0;
        });
    }

    private static async Task<List<string>> Found(MemorySearch search, string word) =>
        [.. (await search.FindAsync(new FindRequest { Text = word, Mode = FindMode.Text })).Entries.Select(static e => e.Entry.Path).Order(StringComparer.Ordinal)];
}
