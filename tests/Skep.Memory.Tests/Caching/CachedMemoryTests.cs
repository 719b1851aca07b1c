using System.Text;
using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

/// <summary>The memory of a folder with its cache.</summary>
public sealed class CachedMemoryTests
{
    [Fact]
    public async Task An_entry_is_read_from_the_database_once_and_after_each_write_again()
    {
        await using var hive = new Hive();
        await hive.Put("a", "1");
        for (var i = 0; i < 5; i++) Assert.Equal("1", hive.Text("a"));
        Assert.Equal((4L, 1L), (hive.Memory.Stats().Cache!.Hits, hive.Memory.Stats().Cache!.SourceReads));
        await hive.Put("a", "2");
        Assert.Equal("2", hive.Text("a"));
        await hive.Memory.DeleteAsync("a");
        Assert.Null(hive.Text("a"));
        Assert.Null(hive.Text("a"));
        Assert.Equal(1, hive.Memory.Stats().Cache!.NegativeHits);
        await hive.Memory.WriteTogetherAsync((_, store) => store(new StoreRequest("a", "together"u8.ToArray())));
        Assert.Equal("together", hive.Text("a"));
        await hive.Memory.DeletePrefixAsync("");
        Assert.Null(hive.Text("a"));
    }

    [Fact]
    public async Task A_restored_file_replaces_what_was_cached()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 1_500; i++) await hive.Put($"k{i}", "old");
        using var file = new MemoryStream();
        hive.Memory.Export("", file);
        await hive.Put("k7", "newer");
        Assert.Equal("newer", hive.Text("k7"));
        file.Position = 0;
        await hive.Memory.RestoreAsync(file, RestoreMode.Overwrite);
        Assert.Equal("old", hive.Text("k7"));
    }

    [Fact]
    public async Task A_memory_without_room_for_a_cache_has_none()
    {
        await using var hive = new Hive(new MemoryLimits { CacheBytes = 0 });
        await hive.Put("a", "1");
        Assert.Equal("1", hive.Text("a"));
        Assert.Null(hive.Memory.Stats().Cache);
    }

    [Fact]
    public async Task Whoever_has_heard_of_a_change_never_reads_what_was_before()
    {
        await using var hive = new Hive();
        await hive.Put("a", "0");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // Follows the log of changes without waiting for its signal, so that it often is earlier than the acknowledgement.
        var following = Task.Run(() =>
        {
            var (revision, seen) = (hive.Memory.Revision, 0L);
            while (seen < 300)
            {
                stop.Token.ThrowIfCancellationRequested();
                var page = hive.Memory.Changes("", revision);
                revision = page.Revision;
                foreach (var change in page.Changes)
                {
                    seen++;
                    Assert.True(hive.Memory.Get("a")!.Version >= change.Version, "the cache was behind the log of changes");
                }
            }
        });
        for (var i = 0; i < 300; i++) await hive.Put("a", $"{i}");
        await following;
        Assert.Equal("299", hive.Text("a"));
    }

    [Fact]
    public void Entries_survive_the_way_through_a_shared_cache_and_other_bytes_are_not_taken()
    {
        var codec = new EntryCodec();
        var entry = new MemoryEntry { Path = "a/b", Version = 3, Revision = 9, ContentType = MemoryContentType.Json, CreatedUnixMs = 1, UpdatedUnixMs = 2, ExpiresUnixMs = 3, Author = new MemoryAuthor("ag", null, "run"), Tags = ["blue", "två"], Size = 2, Value = "{}"u8.ToArray() };
        var bytes = codec.Encode(entry);
        var back = codec.Decode("a/b", bytes.Span)!;
        Assert.Equal(entry.Tags, back.Tags);
        Assert.Equal(entry with { Value = null }, back with { Value = null, Tags = entry.Tags });
        Assert.Empty(codec.Decode("a/b", codec.Encode(entry with { Tags = [] }).Span)!.Tags);
        Assert.Equal("{}", back.Text);
        Assert.Null(codec.Decode("a/c", bytes.Span));
        var random = new Random(5);
        for (var i = 0; i < bytes.Length; i++)
        {
            // Without an exception, whatever it finds.
            var changed = bytes.ToArray();
            changed[i] = (byte)random.Next(256);
            _ = codec.Decode("a/b", changed);
            if (i < bytes.Length - 2) Assert.Null(codec.Decode("a/b", bytes.Span[..i]));
        }
    }

    [RedisFact]
    public async Task Another_node_hears_of_what_the_owner_of_a_folder_writes()
    {
        using var redis = new RedisServer();
        var options = new RedisOptions { Host = "127.0.0.1", Port = redis.Port, ConnectTimeout = TimeSpan.FromSeconds(5) };
        var project = Directory.CreateTempSubdirectory("skep-memory-").FullName;
        try
        {
            await using var store = Storage.SqliteStore.OpenOwner(Storage.SkepFolder.Create(project), new Storage.StoreOptions { Modules = [MemoryStore.Module] });
            await using var memory = MemoryStore.Open(store, TimeProvider.System, shared: new RedisSharedCache(options, TimeProvider.System));
            await using var other = new LayeredCache<MemoryEntry>(new Owner(memory), new EntryCodec(), TimeProvider.System, shared: new RedisSharedCache(options, TimeProvider.System));
            await RedisNode.Eventually(() => Task.FromResult(other.Stats.Shared.State == "up" && memory.Stats().Cache!.Shared.State == "up"));
            for (var i = 0; i < 30; i++)
            {
                var text = $"v{i}";
                await memory.StoreAsync(new StoreRequest("swarm/a", Encoding.UTF8.GetBytes(text)) { Tags = [$"t{i}"] });
                Assert.Equal(text, (await memory.GetAsync("swarm/a"))!.Text);
                await RedisNode.Eventually(async () => (await other.GetAsync("swarm/a")).Value?.Text == text);
            }

            Assert.Equal(["t29"], (await other.GetAsync("swarm/a")).Value!.Tags);
            Assert.True(other.Stats.Invalidations >= 29);
            Assert.True(memory.Stats().Cache!.Shared.Told >= 29);
            Assert.DoesNotContain("password", $"{memory.Stats().Cache}", StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            Directory.Delete(project, recursive: true);
        }
    }

    /// <summary>What a node elsewhere would ask over the network.</summary>
    private sealed class Owner(MemoryStore memory) : ICacheSource<MemoryEntry>
    {
        public ValueTask<SourceAnswer<MemoryEntry>> ReadAsync(string key, bool latest, CancellationToken cancel)
        {
            var revision = memory.Revision;
            var entry = memory.Get(key);
            return ValueTask.FromResult(new SourceAnswer<MemoryEntry>(new Versioned<MemoryEntry>(entry?.Revision ?? revision, entry, entry?.ExpiresUnixMs)));
        }
    }
}
