using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Skep.Vectors.Graph;

/// <summary>The walk over a graph's levels: greedily down the upper ones, then a best-first search with a pool of ef candidates.</summary>
internal static unsafe class HnswWalk
{
    /// <summary>How many rows ahead of the distance's computation their bytes are asked for.</summary>
    private const int Ahead = 4;

    /// <summary>Walks from the entry down to a level above which only the nearest row is followed. Returns where it arrives.</summary>
    public static Candidate Descend<TSpace>(HnswLinks links, TSpace space, byte* query, Candidate at, int from, int to, int rows)
        where TSpace : struct, IGraphSpace
    {
        for (var level = from; level > to; level--)
        {
            for (var moved = true; moved;)
            {
                moved = false;
                var block = links.Of(at.Row, level);
                for (var i = 0; i < links.M; i++)
                {
                    var row = Volatile.Read(ref block[i]) - 1;
                    if (row < 0) break;
                    if (row >= rows) continue;
                    var distance = space.ToQuery(query, row);
                    if (distance >= at.Distance) continue;
                    at = new Candidate(row, distance);
                    moved = true;
                }
            }
        }

        return at;
    }

    /// <summary>The nearest rows on one level, starting at one of them. Returns how many of <paramref name="ef"/> were found; they lie in <paramref name="items"/>, nearest first.</summary>
    /// <param name="links">The graph.</param>
    /// <param name="space">Its distances.</param>
    /// <param name="query">What is looked for, prepared for the space.</param>
    /// <param name="start">Where to begin, with its distance.</param>
    /// <param name="level">The level.</param>
    /// <param name="ef">Candidates that are kept.</param>
    /// <param name="rows">Rows from this number on are passed over: they came after the walk began.</param>
    /// <param name="scratch">Marks and room; its <see cref="SearchScratch.Begin"/> was called for so many rows.</param>
    /// <param name="items">Room for ef + 1 candidates.</param>
    public static int Nearest<TSpace>(HnswLinks links, TSpace space, byte* query, Candidate start, int level, int ef, int rows, SearchScratch scratch, Candidate* items)
        where TSpace : struct, IGraphSpace
    {
        var pool = new CandidatePool(items, ef);
        var most = links.Most(level);
        var batch = scratch.Batch(most + Ahead);
        var mark = scratch.Mark;
        fixed (byte* visited = scratch.Visited)
        {
            visited[start.Row] = mark;
            pool.Add(start.Row, start.Distance);
            for (var next = 0; next < pool.Count;)
            {
                if (items[next].IsExpanded)
                {
                    next++;
                    continue;
                }

                items[next].Tagged |= Candidate.ExpandedBit;
                var found = Unvisited(links.Of(items[next].Row, level), most, rows, visited, mark, batch);
                // The next best is most often expanded next: its links are on their way while distances are computed.
                if (level == 0 && next + 1 < pool.Count && Sse.IsSupported) PrefetchLinks(links, items[next + 1].Row);
                var first = next + 1;
                for (var i = 0; i < Math.Min(found, Ahead); i++) space.Prefetch(batch[i]);
                for (var i = 0; i < found; i++)
                {
                    if (i + Ahead < found) space.Prefetch(batch[i + Ahead]);
                    var distance = space.ToQuery(query, batch[i]);
                    if (distance >= pool.Worst) continue;
                    var place = pool.Add(batch[i], distance);
                    if (place < first) first = place;
                }

                next = first;
            }
        }

        return pool.Count;
    }

    /// <summary>Collects the neighbours that the walk has not seen yet, and marks them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Unvisited(int* block, int most, int rows, byte* visited, byte mark, int* batch)
    {
        var found = 0;
        for (var i = 0; i < most; i++)
        {
            var row = block[i] - 1;
            if (row < 0) break;
            if (row >= rows || visited[row] == mark) continue;
            visited[row] = mark;
            batch[found++] = row;
        }

        return found;
    }

    private static void PrefetchLinks(HnswLinks links, int row)
    {
        var block = (byte*)links.Of(row, 0);
        Sse.Prefetch0(block);
        if (links.M0 > 16) Sse.Prefetch0(block + 64);
    }
}
