namespace Skep.Vectors.Graph;

/// <summary>Links a row into a graph. Many rows may be inserted at once, and readers walk meanwhile.</summary>
internal static unsafe class HnswInsert
{
    /// <summary>The level that a row gets: exponentially distributed with mean 1 / ln M, from the seed and the row's number alone.</summary>
    public static int LevelOf(int row, HnswOptions options)
    {
        var x = options.Seed + (((ulong)(uint)row + 1) * 0x9E3779B97F4A7C15);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        x ^= x >> 31;
        var uniform = ((x >> 11) + 1) * (1.0 / (1UL << 53));
        return Math.Min(HnswLinks.MaxLevel, (int)(-Math.Log(uniform) / Math.Log(options.M)));
    }

    /// <summary>Inserts a row.</summary>
    /// <param name="links">The graph.</param>
    /// <param name="space">Its distances.</param>
    /// <param name="query">The row's own vector, prepared for the space.</param>
    /// <param name="row">The row, whose bytes are in place.</param>
    /// <param name="options">How.</param>
    /// <param name="rows">Rows below this number may be met on the way.</param>
    /// <param name="scratch">Room; not begun.</param>
    public static void Insert<TSpace>(HnswLinks links, TSpace space, byte* query, int row, HnswOptions options, int rows, SearchScratch scratch)
        where TSpace : struct, IGraphSpace
    {
        links.Admit(row, LevelOf(row, options));
        var level = links.LevelOf(row);
        if (links.Entry.Row < 0 && links.OfferEntry(row, level)) return;

        var entry = links.Entry;
        var at = HnswWalk.Descend(links, space, query, new Candidate(entry.Row, space.ToQuery(query, entry.Row)), entry.Level, level, rows);
        for (var l = Math.Min(level, entry.Level); l >= 0; l--)
        {
            scratch.Begin(rows);
            var items = scratch.Pool(options.EfConstruction);
            scratch.Visited[row] = scratch.Mark; // Others may lead to it already.
            var found = HnswWalk.Nearest(links, space, query, at, l, options.EfConstruction, rows, scratch, items);
            at = new Candidate(items[0].Row, items[0].Distance);
            Connect(links, space, row, l, items, found, scratch);
        }

        if (level > entry.Level) links.OfferEntry(row, level);
    }

    private static void Connect<TSpace>(HnswLinks links, TSpace space, int row, int level, Candidate* items, int found, SearchScratch scratch)
        where TSpace : struct, IGraphSpace
    {
        var chosen = NeighbourSelection.Choose(space, items, found, links.M);
        links.Lock(row);
        AddOwn(links.Of(row, level), links.Most(level), items, chosen);
        links.Unlock(row);
        for (var i = 0; i < chosen; i++) LinkBack(links, space, items[i].Row, new Candidate(row, items[i].Distance), level, scratch);
    }

    /// <summary>Others that are inserted at the same time may have linked to the row already: theirs stay.</summary>
    private static void AddOwn(int* block, int most, Candidate* items, int count)
    {
        var used = 0;
        while (used < most && block[used] != 0) used++;
        for (var i = 0; i < count && used < most; i++)
        {
            if (!Holds(block, used, items[i].Row)) Volatile.Write(ref block[used++], items[i].Row + 1);
        }
    }

    private static bool Holds(int* block, int used, int row)
    {
        for (var i = 0; i < used; i++)
        {
            if (block[i] == row + 1) return true;
        }

        return false;
    }

    /// <summary>Offers a row a link, for which it gives up another one if that makes its links better.</summary>
    internal static void LinkBack<TSpace>(HnswLinks links, TSpace space, int row, Candidate newcomer, int level, SearchScratch scratch)
        where TSpace : struct, IGraphSpace
    {
        var most = links.Most(level);
        links.Lock(row);
        var block = links.Of(row, level);
        var used = 0;
        while (used < most && block[used] != 0) used++;
        if (!Holds(block, used, newcomer.Row))
        {
            if (used < most) Volatile.Write(ref block[used], newcomer.Row + 1);
            else Replace(space, block, most, row, newcomer, scratch.Other(most + 1));
        }

        links.Unlock(row);
    }

    /// <summary>The block is full: its links and the newcomer are chosen from anew.</summary>
    private static void Replace<TSpace>(TSpace space, int* block, int most, int row, Candidate newcomer, Candidate* items)
        where TSpace : struct, IGraphSpace
    {
        for (var i = 0; i < most; i++) space.Prefetch(block[i] - 1);
        var pool = new CandidatePool(items, most + 1);
        pool.Add(newcomer.Row, newcomer.Distance);
        for (var i = 0; i < most; i++) pool.Add(block[i] - 1, space.Between(row, block[i] - 1));
        Write(block, most, items, NeighbourSelection.Choose(space, items, pool.Count, most));
    }

    /// <summary>Puts links in place of a block's own.</summary>
    internal static void Write(int* block, int most, Candidate* items, int count)
    {
        for (var i = 0; i < count; i++) Volatile.Write(ref block[i], items[i].Row + 1);
        for (var i = count; i < most; i++) Volatile.Write(ref block[i], 0);
    }
}
