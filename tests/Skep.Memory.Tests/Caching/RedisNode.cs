using System.Collections.Concurrent;
using System.Diagnostics;
using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

/// <summary>A node: a cache over a source, with a Redis.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private readonly ConcurrentQueue<CacheNotice> _notices = new();

    public RedisNode(Truth truth, int port, string? password = null, bool tls = false, string? authority = null, int maxUntold = 10_000)
    {
        Redis = new RedisSharedCache(
            new RedisOptions
            {
                Host = "127.0.0.1",
                Port = port,
                Password = password,
                Tls = tls,
                AuthorityFile = authority,
                MaxUntold = maxUntold,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                Heartbeat = TimeSpan.FromMilliseconds(100),
                LongestPause = TimeSpan.FromMilliseconds(200),
            },
            TimeProvider.System);
        Cache = new LayeredCache<byte[]>(truth, new BytesCodec(), TimeProvider.System, new CacheOptions { ClockSkew = TimeSpan.FromMilliseconds(5), Notice = _notices.Enqueue }, Redis);
    }

    public RedisSharedCache Redis { get; }

    public LayeredCache<byte[]> Cache { get; }

    public IReadOnlyList<CacheNotice> Notices => [.. _notices];

    public Task Up() => Eventually(() => Task.FromResult(Cache.Stats.Shared.State == "up"));

    public Task Down() => Eventually(() => Task.FromResult(Cache.Stats.Shared.State == "down" && Notices.Any(static n => n.Degraded)));

    public ValueTask DisposeAsync() => Cache.DisposeAsync();

    public static async Task Eventually(Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "it did not come to that within 30 s");
            await Task.Delay(1);
        }
    }
}
