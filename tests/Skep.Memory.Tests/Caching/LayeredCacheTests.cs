using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

public sealed class LayeredCacheTests
{
    private readonly FakeTime _time = new();
    private readonly Truth _truth = new();

    [Fact]
    public async Task Many_readers_of_one_key_cost_one_read_of_the_source()
    {
        await using var cache = Make();
        _truth.Set("a", "1");
        _truth.Hold();
        var reads = Enumerable.Range(0, 50).Select(_ => cache.GetAsync("a").AsTask()).ToArray();
        _truth.Release();
        Assert.All(await Task.WhenAll(reads), v => Assert.Equal("1", v.Text()));
        Assert.Equal(1, _truth.Reads);
        Assert.Equal((50, 49), (cache.Stats.Misses, cache.Stats.Coalesced));
        Assert.Equal("1", (await cache.GetAsync("a")).Text());
        Assert.Equal((1, 1), (_truth.Reads, cache.Stats.Hits));
    }

    [Fact]
    public async Task One_reader_that_gives_up_leaves_the_others_waiting()
    {
        await using var cache = Make();
        _truth.Set("a", "1");
        _truth.Hold();
        using var impatient = new CancellationTokenSource();
        var (first, second) = (cache.GetAsync("a", impatient.Token).AsTask(), cache.GetAsync("a").AsTask());
        impatient.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _truth.Release();
        Assert.Equal("1", (await second).Text());
    }

    [Fact]
    public async Task An_absence_is_believed_for_a_short_time_only()
    {
        await using var cache = Make(new CacheOptions { NegativeFor = TimeSpan.FromSeconds(1), UntrustedFor = TimeSpan.FromSeconds(9) });
        Assert.True((await cache.GetAsync("a")).IsAbsent);
        Assert.True((await cache.GetAsync("a")).IsAbsent);
        Assert.Equal((1, 1), (_truth.Reads, cache.Stats.NegativeHits));
        _truth.Set("a", "behind the cache's back");
        _time.Advance(TimeSpan.FromMilliseconds(1_001));
        Assert.Equal("behind the cache's back", (await cache.GetAsync("a")).Text());
    }

    [Fact]
    public async Task Without_a_way_to_hear_of_changes_values_are_served_for_the_bound_and_no_longer()
    {
        await using var cache = Make();
        _truth.Set("a", "1");
        await cache.GetAsync("a");
        _truth.Set("a", "2");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("1", (await cache.GetAsync("a")).Text());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("2", (await cache.GetAsync("a")).Text());
    }

    [Fact]
    public async Task A_stale_value_is_served_at_once_and_read_anew_once_in_the_background()
    {
        var shared = new QuietShared();
        await using var cache = Make(new CacheOptions { FreshFor = TimeSpan.FromSeconds(10), StaleFor = TimeSpan.FromSeconds(5) }, shared);
        shared.Listener!.Connected();
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _truth.Set("a", "1");
        await cache.GetAsync("a");
        _truth.Set("a", "2");
        _time.Advance(TimeSpan.FromSeconds(12));
        _truth.Hold();
        for (var i = 0; i < 10; i++) Assert.Equal("1", (await cache.GetAsync("a")).Text());
        _truth.Release();
        await _truth.Answered(2);
        await Eventually(async () => (await cache.GetAsync("a")).Text() == "2");
        Assert.Equal(2, _truth.Reads);
        Assert.True(cache.Stats.StaleHits >= 10);
        _truth.Set("a", "3");
        _time.Advance(TimeSpan.FromSeconds(15.001));
        Assert.Equal("3", (await cache.GetAsync("a")).Text());
    }

    [Fact]
    public async Task A_read_that_began_before_a_write_does_not_bring_the_older_value_back()
    {
        await using var cache = Make();
        _truth.Set("a", "old");
        _truth.Hold();
        var read = cache.GetAsync("a").AsTask();
        await cache.WriteAsync("a", _ => ValueTask.FromResult(_truth.Set("a", "new")));
        Assert.Equal("new", (await cache.GetAsync("a")).Text());
        _truth.Release();
        Assert.Equal("new", (await read).Text());
        Assert.Equal("new", (await cache.GetAsync("a")).Text());
        Assert.Equal(1, cache.Stats.Refused);
    }

    [Fact]
    public async Task A_write_with_an_unknown_outcome_makes_the_next_read_ask_the_source()
    {
        await using var cache = Make();
        _truth.Set("a", "old");
        await cache.GetAsync("a");
        await Assert.ThrowsAsync<IOException>(() => cache.WriteAsync("a", _ =>
        {
            _truth.Set("a", "written all the same");
            throw new IOException("the answer was lost");
        }).AsTask());
        Assert.Equal("written all the same", (await cache.GetAsync("a")).Text());
    }

    [Fact]
    public async Task A_source_that_falls_behind_what_was_seen_is_not_served()
    {
        await using var cache = Make();
        await cache.WriteAsync("a", _ => ValueTask.FromResult(new Versioned<byte[]>(1_000, "new"u8.ToArray())));
        _truth.Set("a", "of a replica that lags");
        _time.Advance(TimeSpan.FromSeconds(3));
        var e = await Assert.ThrowsAsync<CacheException>(() => cache.GetAsync("a").AsTask());
        Assert.Contains("replica", e.Message, StringComparison.Ordinal);
        Assert.Equal(4, _truth.Reads);
    }

    [Fact]
    public async Task What_the_source_throws_reaches_all_who_wait_and_the_next_reader_asks_again()
    {
        await using var cache = Make();
        _truth.Fault = new IOException("the disk is gone");
        await Assert.ThrowsAsync<IOException>(() => cache.GetAsync("a").AsTask());
        _truth.Fault = null;
        _truth.Set("a", "1");
        Assert.Equal("1", (await cache.GetAsync("a")).Text());
    }

    [Fact]
    public async Task A_source_that_hangs_is_given_up_and_said_so()
    {
        await using var cache = Make();
        _truth.Hold();
        var read = cache.GetAsync("a").AsTask();
        _time.Advance(TimeSpan.FromSeconds(11));
        var e = await Assert.ThrowsAsync<CacheException>(() => read);
        Assert.Contains("10 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_keys_at_once_than_the_bound_are_refused()
    {
        await using var cache = Make(new CacheOptions { MaxReads = 2 });
        _truth.Hold();
        var waiting = new[] { cache.GetAsync("a").AsTask(), cache.GetAsync("b").AsTask() };
        await Assert.ThrowsAsync<CacheException>(() => cache.GetAsync("c").AsTask());
        _truth.Release();
        await Task.WhenAll(waiting);
        Assert.True((await cache.GetAsync("c")).IsAbsent);
    }

    [Fact]
    public async Task A_value_with_a_time_to_live_is_not_served_from_its_last_millisecond_on()
    {
        await using var cache = Make(new CacheOptions { Exclusive = true });
        var expires = _time.GetUtcNow().ToUnixTimeMilliseconds() + 100;
        await cache.WriteAsync("a", _ => ValueTask.FromResult(_truth.Set("a", "1") with { ExpiresUnixMs = expires }));
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal("1", (await cache.GetAsync("a")).Text());
        _truth.Remove("a");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await cache.GetAsync("a")).IsAbsent);
    }

    [Fact]
    public async Task Direct_reads_are_repeated_when_the_key_changes_under_them()
    {
        await using var cache = Make(new CacheOptions { Exclusive = true });
        var reads = 0;
        var value = cache.Get("a", key =>
        {
            reads++;
            if (reads > 1) return new Versioned<byte[]>(2, "new"u8.ToArray());
            cache.Changed(key, 2, removed: false);
            return new Versioned<byte[]>(1, "old"u8.ToArray());
        });
        Assert.Equal(("new", 2), (value.Text(), reads));
        Assert.Equal("new", cache.Get("a", _ => throw new InvalidOperationException("it is cached")).Text());
        cache.ChangedAll();
        Assert.False(cache.TryGet("a", out _));
    }

    [Fact]
    public async Task Going_without_the_shared_cache_is_said_once_and_so_is_its_return()
    {
        var notices = new List<CacheNotice>();
        var shared = new QuietShared();
        await using var cache = Make(new CacheOptions { Notice = notices.Add }, shared);
        for (var i = 0; i < 3; i++) shared.Listener!.Disconnected("connection refused");
        shared.Listener!.Connected();
        shared.Listener.Connected();
        Assert.Equal([true, false], notices.Select(static n => n.Degraded));
        Assert.Contains("connection refused", notices[0].Message, StringComparison.Ordinal);
        Assert.Contains("2 s", notices[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shared_record_of_a_time_line_that_the_source_has_left_is_not_taken()
    {
        var shared = new QuietShared { Record = new SharedRecord(CacheOrder.Of(500, absent: false), 0, null, "of the future"u8.ToArray()) };
        await using var cache = Make(new CacheOptions { Newest = () => 100 }, shared);
        _truth.Set("a", "now");
        Assert.Equal("now", (await cache.GetAsync("a")).Text());
        ((ISharedListener)cache).Changed("a", CacheOrder.Of(500, absent: false));
        Assert.Equal("now", (await cache.GetAsync("a")).Text());
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused_by_name()
    {
        var e = Assert.Throws<CacheException>(() => Make(new CacheOptions { FreshFor = TimeSpan.FromSeconds(-1) }));
        Assert.Contains("FreshFor", e.Message, StringComparison.Ordinal);
        Assert.Contains("MaxReads", Assert.Throws<CacheException>(() => Make(new CacheOptions { MaxReads = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<CacheException>(() => Make(new CacheOptions { LocalBytes = -1 }));
    }

    private LayeredCache<byte[]> Make(CacheOptions? options = null, ISharedCache? shared = null) => new(_truth, new BytesCodec(), _time, options, shared);

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 2_000; i++)
        {
            if (await condition()) return;
            await Task.Yield();
        }

        Assert.Fail("it did not come to that");
    }

    /// <summary>A shared cache that has one record at most, and says only what it is told to.</summary>
    private sealed class QuietShared : ISharedCache
    {
        public ISharedListener? Listener { get; private set; }

        public SharedRecord? Record { get; init; }

        public SharedCacheStatus Status => new("up", "redis://test:1/0");

        public void Start(ISharedListener listener) => Listener = listener;

        public ValueTask<SharedRecord?> GetAsync(string key, CancellationToken cancel) => ValueTask.FromResult(Record);

        public void Put(string key, in SharedRecord record)
        {
        }

        public void Tell(string? key, long order)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
