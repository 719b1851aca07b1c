using Skep.Vectors.Rows;

namespace Skep.Vectors.Graph;

/// <summary>
/// Takes deleted rows out of a graph: a row that leads to one is given the neighbours of that one to choose from instead, so that ways which went through it
/// stay open (as FreshDiskANN consolidates its deletes: Singh et al., 2021). Nobody else changes the graph meanwhile; searches go on.
/// </summary>
internal static unsafe class LinkRepair
{
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
        var room = most * (most + 1);
        var pool = new CandidatePool(scratch.Pool(room), room);
        scratch.Begin(rows.Count);
        scratch.Visited[row] = scratch.Mark;
        for (var i = 0; i < most && block[i] != 0; i++)
        {
            var neighbour = block[i] - 1;
            if (!rows.IsDeleted(neighbour))
            {
                Offer(space, row, neighbour, ref pool, scratch);
                continue;
            }

            var beyond = links.Of(neighbour, level);
            for (var j = 0; j < most && beyond[j] != 0; j++)
            {
                if (!rows.IsDeleted(beyond[j] - 1)) Offer(space, row, beyond[j] - 1, ref pool, scratch);
            }
        }

        HnswInsert.Write(block, most, pool.Items, NeighbourSelection.Choose(space, pool.Items, pool.Count, most));
    }

    private static void Offer<TSpace>(TSpace space, int row, int other, ref CandidatePool pool, SearchScratch scratch)
        where TSpace : struct, IGraphSpace
    {
        if (scratch.Visited[other] == scratch.Mark) return;
        scratch.Visited[other] = scratch.Mark;
        pool.Add(other, space.Between(row, other));
    }
}
