namespace Skep.Memory.Caching;

/// <summary>
/// Which entry goes when there is no more room: S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023), by bytes instead of
/// entries. New entries stand in a small queue, a tenth of the budget. At its end those that were used meanwhile go over to the main queue, the others go
/// for good, so that a scan over many keys that are read once passes through a tenth of the cache and leaves the rest alone. What left the small queue is
/// remembered by hash for a while; if it comes back, it goes straight to the main queue. In the main queue an entry goes round once per use.
/// <para>Not safe for use from several threads, but for <see cref="S3Node.Use"/>. The same calls evict the same entries.</para>
/// </summary>
/// <param name="budget">Most bytes of all entries.</param>
internal sealed class S3Fifo(long budget)
{
    /// <summary>Uses in the small queue that make an entry worth keeping: two, as in the paper.</summary>
    internal const int UsesToStay = 2;

    private readonly long _smallBytes = Math.Max(1, budget / 10);
    private readonly S3Queue _small = new();
    private readonly S3Queue _main = new();
    private readonly GhostQueue _ghost = new(budget - (budget / 10));

    internal long Bytes => _small.Bytes + _main.Bytes;

    internal int Count => _small.Count + _main.Count;

    internal void Add(S3Node node) => (_ghost.Take(node.Key) ? _main : _small).Append(node);

    /// <summary>Takes out the next entry that has to go; null when all fit.</summary>
    internal S3Node? Evict()
    {
        // Readers go on using entries meanwhile; the bound ends the round even if they use everything all the time.
        for (var turns = (S3Node.MostUses + 1) * (Count + 1); Bytes > budget; turns--)
        {
            if (_small.Head is { } young && (_small.Bytes > _smallBytes || _main.Count == 0))
            {
                _small.Remove(young);
                if (young.Uses < UsesToStay || turns <= 0) return Remember(young);
                _main.Append(young);
            }
            else if (_main.Head is { } old)
            {
                _main.Remove(old);
                if (old.Uses == 0 || turns <= 0) return old;
                old.ForgetUse();
                _main.Append(old);
            }
        }

        return null;
    }

    private S3Node Remember(S3Node node)
    {
        _ghost.Add(node.Key, node.Size);
        return node;
    }
}
