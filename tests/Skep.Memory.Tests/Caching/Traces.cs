using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

/// <summary>Seeded sequences of keys, and how often caches of equal entries hit on them.</summary>
internal static class Traces
{
    private const int EntryBytes = 256;

    public static string[] Zipf(int count, int keys, double exponent, int seed)
    {
        var weights = new double[keys];
        var sum = 0.0;
        for (var i = 0; i < keys; i++) weights[i] = sum += 1 / Math.Pow(i + 1, exponent);
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var at = Array.BinarySearch(weights, random.NextDouble() * sum);
            return $"k{Math.Min(keys - 1, at < 0 ? ~at : at)}";
        })];
    }

    /// <summary>Runs through keys that nobody asks for again, now and then.</summary>
    public static string[] WithScans(string[] trace, int every, int length) =>
        [.. trace.Chunk(every).SelectMany((part, n) => part.Concat(Enumerable.Range(0, length).Select(i => $"scan-{n}-{i}")))];

    public static double S3Rate(string[] trace, int entries)
    {
        var cache = new LocalCache<string>((long)entries * EntryBytes);
        return Rate(trace, key => cache.Find(key) is not null, key => cache.Put(key, new CacheEntry<string>(new Versioned<string>(1, "x"), 0, EntryBytes - LocalCache<string>.Overhead - (2 * key.Length))));
    }

    public static double LruRate(string[] trace, int entries)
    {
        var (order, nodes) = (new LinkedList<string>(), new Dictionary<string, LinkedListNode<string>>());
        bool Find(string key)
        {
            if (!nodes.TryGetValue(key, out var node)) return false;
            order.Remove(node);
            order.AddLast(node);
            return true;
        }

        void Put(string key)
        {
            nodes[key] = order.AddLast(key);
            if (nodes.Count <= entries) return;
            nodes.Remove(order.First!.Value);
            order.RemoveFirst();
        }

        return Rate(trace, Find, Put);
    }

    private static double Rate(string[] trace, Func<string, bool> find, Action<string> put)
    {
        var hits = 0;
        foreach (var key in trace)
        {
            if (find(key)) hits++;
            else put(key);
        }

        return (double)hits / trace.Length;
    }
}
