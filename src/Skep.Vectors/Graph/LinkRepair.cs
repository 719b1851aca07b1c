using Skep.Vectors.Rows;

namespace Skep.Vectors.Graph;

/// <summary>
/// Takes deleted rows out of a graph: a row that leads to one chooses its links anew, among its neighbours and theirs, so that ways which went through the
/// deleted row stay open (after FreshDiskANN's consolidation of deletes, Singh et al. 2021, which offers the deleted rows' neighbours alone: over several
/// rounds of deleting and inserting that costs a hundredth of recall more). Nobody else changes the graph meanwhile; searches go on.
/// </summary>
internal static unsafe class LinkRepair
{
    /// <summary>Candidates that links are chosen from: the nearest of the neighbours' neighbours.</summary>
    private const int MostCandidates = 200;

    /// <summary>Gives a live row new links on each of its levels where it leads to a deleted one.</summary>
    public static void Repair<TSpace>(HnswLinks links, TSpace space, RowStore rows, int row, SearchScratch scratch)
        where TSpace : struct, IGraphSpace
    {
        for (var level = links.LevelOf(row); level >= 0; level--)
        {
            var block = links.Of(row, level);
            if (LeadsToDeleted(block, links.Most(level), rows)) Choose(links, space, rows, row, level, block, scratch);
        }
    }

    /// <summary>The live row with the highest level, which walks can begin at; row -1 if none is left.</summary>
    public static (int Row, int Level) Highest(HnswLinks links, RowStore rows, int count)
    {
        var best = (Row: -1, Level: -1);
        for (var row = 0; row < count; row++)
        {
            if (!rows.IsDeleted(row) && links.LevelOf(row) > best.Level) best = (row, links.LevelOf(row));
        }

        return best;
    }

    private static bool LeadsToDeleted(int* block, int most, RowStore rows)
    {
        for (var i = 0; i < most && block[i] != 0; i++)
        {
            if (rows.IsDeleted(block[i] - 1)) return true;
        }

        return false;
    }

    private static void Choose<TSpace>(HnswLinks links, TSpace space, RowStore rows, int row, int level, int* block, SearchScratch scratch)
        where TSpace : struct, IGraphSpace
    {
        var most = links.Most(level);
        var pool = new CandidatePool(scratch.Pool(MostCandidates), MostCandidates);
        scratch.Begin(rows.Count);
        scratch.Visited[row] = scratch.Mark;
        for (var i = 0; i < most && block[i] != 0; i++)
        {
            var neighbour = block[i] - 1;
            if (!rows.IsDeleted(neighbour)) Offer(space, row, neighbour, ref pool, scratch);

            var beyond = links.Of(neighbour, level);
            for (var j = 0; j < most && beyond[j] != 0; j++)
            {
                if (!rows.IsDeleted(beyond[j] - 1)) Offer(space, row, beyond[j] - 1, ref pool, scratch);
            }
        }

        var chosen = NeighbourSelection.Choose(space, pool.Items, pool.Count, most);
        // What led here was lost as well: the new neighbours get the way back to choose.
        for (var i = 0; i < chosen; i++)
        {
            if (!Holds(block, most, pool.Items[i].Row)) HnswInsert.LinkBack(links, space, pool.Items[i].Row, new Candidate(row, pool.Items[i].Distance), level, scratch);
        }

        links.Lock(row);
        HnswInsert.Write(block, most, pool.Items, chosen);
        links.Unlock(row);
    }

    private static bool Holds(int* block, int most, int row)
    {
        for (var i = 0; i < most && block[i] != 0; i++)
        {
            if (block[i] == row + 1) return true;
        }

        return false;
    }

    private static void Offer<TSpace>(TSpace space, int row, int other, ref CandidatePool pool, SearchScratch scratch)
        where TSpace : struct, IGraphSpace
    {
        if (scratch.Visited[other] == scratch.Mark) return;
        scratch.Visited[other] = scratch.Mark;
        var distance = space.Between(row, other);
        if (distance < pool.Worst) pool.Add(other, distance);
    }
}
