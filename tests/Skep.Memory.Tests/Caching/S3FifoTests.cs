using FsCheck;
using FsCheck.Fluent;
using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

public sealed class S3FifoTests
{
    [Fact]
    public void The_cache_evicts_what_the_published_algorithm_would_and_stays_within_its_budget()
    {
        var step = Gen.Choose(0, 99).SelectMany(kind => Gen.Choose(0, 60).SelectMany(key => Gen.Choose(1, 90).Select(size => (kind, key, size))));
        var evictions = 0L;
        Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            var (budget, cache, model) = (6_000L, new LocalCache<string>(6_000), new Model(6_000));
            foreach (var (kind, key, size) in steps)
            {
                var name = $"k{key:00}";
                if (kind < 50) Assert.Equal(model.Get(name), cache.Find(name)?.AsOf);
                else if (kind < 95) Put(cache, model, name, size, kind);
                else Assert.Equal(model.Remove(name), cache.Remove(name));
                Assert.Equal(model.Bytes, cache.Bytes);
                Assert.Equal(model.Count, cache.Count);
                Assert.True(cache.Bytes <= budget);
            }

            for (var i = 0; i <= 60; i++) Assert.Equal(model.Peek($"k{i:00}"), cache.Peek($"k{i:00}")?.AsOf);
            evictions += cache.Evictions;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithStartSize(20).WithEndSize(400).WithReplay(20_261, 1_979));
        Assert.True(evictions > 1_000, $"{evictions} evictions");
    }

    [Fact]
    public void An_entry_heavier_than_a_tenth_of_the_budget_is_not_kept_and_takes_its_older_version_with_it()
    {
        var cache = new LocalCache<string>(10_000);
        cache.Put("a", Entry(1, 100));
        cache.Put("a", Entry(2, 1_000));
        Assert.Null(cache.Peek("a"));
        Assert.Equal((0L, 0), (cache.Bytes, cache.Count));
    }

    [Fact]
    public void The_same_accesses_leave_the_same_entries()
    {
        static string Run()
        {
            var cache = new LocalCache<string>(30_000);
            foreach (var key in Traces.Zipf(20_000, 1_000, 0.9, seed: 3)) if (cache.Find(key) is null) cache.Put(key, Entry(0, 50));
            return string.Join(' ', Enumerable.Range(0, 1_000).Select(i => $"k{i}").Where(k => cache.Peek(k) is not null));
        }

        Assert.Equal(Run(), Run());
        Assert.NotEmpty(Run());
    }

    [Fact]
    public void It_hits_more_often_than_least_recently_used_on_skewed_accesses_and_far_more_when_scans_run_through()
    {
        const int Keys = 10_000;
        const int Held = 1_000;
        var zipf = Traces.Zipf(300_000, Keys, 0.9, seed: 1);
        var scans = Traces.WithScans(zipf, every: 10_000, length: 3_000);
        var (ourZipf, lruZipf) = (Traces.S3Rate(zipf, Held), Traces.LruRate(zipf, Held));
        var (ourScans, lruScans) = (Traces.S3Rate(scans, Held), Traces.LruRate(scans, Held));
        Assert.True(ourZipf > lruZipf + 0.03, $"zipf: {ourZipf:0.000}, LRU {lruZipf:0.000}");
        Assert.True(ourScans > lruScans + 0.03, $"scans: {ourScans:0.000}, LRU {lruScans:0.000}");
    }

    [Fact]
    public void Readers_meanwhile_neither_fail_nor_break_the_budget()
    {
        var cache = new LocalCache<string>(50_000);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(n => Task.Run(() =>
        {
            var found = 0L;
            for (var i = n; !stop.IsCancellationRequested; i++) if (cache.Find($"k{i % 500}") is { } entry) found += entry.Size;
            return found;
        })).ToArray();
        for (var i = 0; i < 60_000; i++)
        {
            cache.Put($"k{i * 7 % 500}", Entry(i, i % 100));
            Assert.True(cache.Bytes <= 50_000);
        }

        stop.Cancel();
        Assert.All(readers, r => Assert.True(r.GetAwaiter().GetResult() >= 0));
        Assert.True(cache.Count > 50);
    }

    private static void Put(LocalCache<string> cache, Model model, string key, int size, long mark)
    {
        cache.Put(key, Entry(mark, size));
        model.Put(key, LocalCache<string>.Overhead + (2 * key.Length) + size, mark);
    }

    private static CacheEntry<string> Entry(long mark, int size) => new(new Versioned<string>(1, "x"), mark, size);

    /// <summary>The algorithm written down with plain lists.</summary>
    private sealed class Model(long budget)
    {
        private readonly List<Item> _small = [];
        private readonly List<Item> _main = [];
        private readonly List<(string Key, int Size, bool Live)> _ghosts = [];

        public long Bytes => _small.Concat(_main).Sum(static i => (long)i.Size);

        public int Count => _small.Count + _main.Count;

        public long? Peek(string key) => Find(key)?.Mark;

        public long? Get(string key)
        {
            if (Find(key) is not { } item) return null;
            item.Uses = Math.Min(3, item.Uses + 1);
            return item.Mark;
        }

        public bool Remove(string key) => _small.RemoveAll(i => i.Key == key) + _main.RemoveAll(i => i.Key == key) > 0;

        public void Put(string key, int size, long mark)
        {
            if (size > budget / 10) Remove(key);
            else if (Find(key) is { } item) (item.Size, item.Mark) = (size, mark);
            else (Haunts(key) ? _main : _small).Add(new Item { Key = key, Size = size, Mark = mark });
            while (Bytes > budget) EvictOne();
        }

        private Item? Find(string key) => _small.Concat(_main).FirstOrDefault(i => i.Key == key);

        private bool Haunts(string key)
        {
            var at = _ghosts.FindLastIndex(g => g.Key == key && g.Live);
            if (at < 0) return false;
            for (var i = 0; i < _ghosts.Count; i++) if (_ghosts[i].Key == key) _ghosts[i] = _ghosts[i] with { Live = false };
            return true;
        }

        private void EvictOne()
        {
            if (_small.Count > 0 && (_small.Sum(static i => (long)i.Size) > budget / 10 || _main.Count == 0))
            {
                var item = _small[0];
                _small.RemoveAt(0);
                if (item.Uses >= 2) _main.Add(item);
                else Haunt(item);
                return;
            }

            var old = _main[0];
            _main.RemoveAt(0);
            if (old.Uses-- > 0) _main.Add(old);
        }

        private void Haunt(Item item)
        {
            for (var i = 0; i < _ghosts.Count; i++) if (_ghosts[i].Key == item.Key) _ghosts[i] = _ghosts[i] with { Live = false };
            _ghosts.Add((item.Key, item.Size, true));
            while (_ghosts.Sum(static g => (long)g.Size) > budget - (budget / 10)) _ghosts.RemoveAt(0);
        }

        private sealed class Item
        {
            public required string Key { get; init; }

            public int Size { get; set; }

            public long Mark { get; set; }

            public int Uses { get; set; }
        }
    }
}
