using System.Text;
using Skep.Storage;

namespace Skep.Memory.Tests;

/// <summary>A memory in a folder of its own, under a clock that moves only when told to.</summary>
internal sealed class Hive : IAsyncDisposable
{
    private readonly string _project = Directory.CreateTempSubdirectory("skep-memory-").FullName;
    private readonly SkepFolder _folder;
    private readonly MemoryLimits? _limits;

    public Hive(MemoryLimits? limits = null)
    {
        _limits = limits;
        _folder = SkepFolder.Create(_project);
        Time.Advance(TimeSpan.FromDays(1));
        (Store, Memory) = OpenOwner();
    }

    public FakeTime Time { get; } = new();

    public SqliteStore Store { get; private set; }

    public MemoryStore Memory { get; private set; }

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<WriteResult> Put(string path, string value, double? ttlMs = null, long? expected = null) => Memory.StoreAsync(
        new StoreRequest(path, Encoding.UTF8.GetBytes(value)) { Ttl = ttlMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null, ExpectedVersion = expected });

    public string? Text(string path) => Memory.Get(path)?.Text;

    public IReadOnlyList<string> Paths(string prefix = "") => [.. Memory.List(prefix, limit: 1_000).Entries.Select(static e => e.Path)];

    public string IndexFolder => Path.Combine(_folder.Root, "memory-index");

    public MemorySearch Search(EmbedderFactory? embedders = null) => MemorySearch.Open(Memory, IndexFolder, Time, embedders);

    public SqliteStore OpenReader() => SqliteStore.OpenReader(_folder);

    public void Pass(double ms) => Time.Advance(TimeSpan.FromMilliseconds(ms));

    /// <summary>Closes and opens everything, as the next process would.</summary>
    public async Task Reopen()
    {
        await Close();
        (Store, Memory) = OpenOwner();
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        Directory.Delete(_project, recursive: true);
    }

    private (SqliteStore, MemoryStore) OpenOwner()
    {
        var store = SqliteStore.OpenOwner(_folder, new StoreOptions { Modules = [MemoryStore.Module] });
        return (store, MemoryStore.Open(store, Time, _limits));
    }

    private async Task Close()
    {
        await Memory.DisposeAsync();
        await Store.DisposeAsync();
    }
}

internal static class Refused
{
    public static MemoryException By(Action action, MemoryFault fault)
    {
        var e = Assert.Throws<MemoryException>(action);
        Assert.Equal(fault, e.Fault);
        return e;
    }

    public static async Task<MemoryException> By(Func<Task> action, MemoryFault fault)
    {
        var e = await Assert.ThrowsAsync<MemoryException>(action);
        Assert.Equal(fault, e.Fault);
        return e;
    }
}
