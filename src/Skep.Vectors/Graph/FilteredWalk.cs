using Skep.Vectors.Filtering;
using Skep.Vectors.Rows;

namespace Skep.Vectors.Graph;

/// <summary>
/// The walk on level 0 when only some rows may be found: it goes through all of them, but keeps as results only those of a set, and ends when its results
/// are nearer than everything that is left to look at. Where few rows are wanted that is a long way; the planner scans then.
/// </summary>
internal static unsafe class FilteredWalk
{
    /// <summary>Rows waiting to be looked at; beyond that farther ones are not remembered.</summary>
    private const int MaxFrontier = 1 << 16;

    /// <summary>The nearest rows of a set. Parameters as of <see cref="HnswWalk.Nearest"/>.</summary>
    public static int Nearest<TSpace>(HnswLinks links, TSpace space, byte* query, Candidate start, int ef, int rows, RowStore store, RowSet? only, SearchScratch scratch, Candidate* items)
        where TSpace : struct, IGraphSpace
    {
        var results = new CandidatePool(items, ef);
        var frontier = new Frontier(scratch.Other(Math.Min(MaxFrontier, rows + 1)), Math.Min(MaxFrontier, rows + 1));
        var batch = scratch.Batch(links.M0);
        var mark = scratch.Mark;
        fixed (byte* visited = scratch.Visited)
        {
            visited[start.Row] = mark;
            frontier.Push(start);
            if (Wanted(store, only, start.Row)) results.Add(start.Row, start.Distance);
            while (frontier.Count > 0)
            {
                var next = frontier.Pop();
                if (next.Distance > results.Worst) break;
                var found = HnswWalk.Unvisited(links.Of(next.Row, 0), links.M0, rows, visited, mark, batch);
                for (var i = 0; i < found; i++) space.Prefetch(batch[i]);
                for (var i = 0; i < found; i++)
                {
                    var distance = space.ToQuery(query, batch[i]);
                    if (distance >= results.Worst) continue;
                    frontier.Push(new Candidate(batch[i], distance));
                    if (Wanted(store, only, batch[i])) results.Add(batch[i], distance);
                }
            }
        }

        return results.Count;
    }

    private static bool Wanted(RowStore store, RowSet? only, int row) => (only is null || only.Contains(row)) && !store.IsDeleted(row);

    /// <summary>A binary heap with the nearest on top.</summary>
    private ref struct Frontier(Candidate* items, int most)
    {
        public int Count { get; private set; }

        public void Push(Candidate candidate)
        {
            if (Count == most) return;
            var at = Count++;
            while (at > 0)
            {
                var parent = (at - 1) >> 1;
                if (items[parent].Distance <= candidate.Distance) break;
                items[at] = items[parent];
                at = parent;
            }

            items[at] = candidate;
        }

        public Candidate Pop()
        {
            var top = items[0];
            var last = items[--Count];
            var at = 0;
            while (true)
            {
                var child = (2 * at) + 1;
                if (child >= Count) break;
                if (child + 1 < Count && items[child + 1].Distance < items[child].Distance) child++;
                if (items[child].Distance >= last.Distance) break;
                items[at] = items[child];
                at = child;
            }

            items[at] = last;
            return top;
        }
    }
}
