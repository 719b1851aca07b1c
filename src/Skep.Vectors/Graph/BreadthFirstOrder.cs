namespace Skep.Vectors.Graph;

/// <summary>The order in which a walk from the entry meets rows: neighbours that are stored near each other are found in the same pages and cache lines.</summary>
internal static unsafe class BreadthFirstOrder
{
    /// <summary>The linked live rows in that order, then all other live rows by number.</summary>
    /// <param name="links">The graph.</param>
    /// <param name="count">Rows there are.</param>
    /// <param name="isLive">Which of them are wanted.</param>
    public static int[] Of(HnswLinks links, int count, Func<int, bool> isLive)
    {
        var order = new int[count];
        var seen = new bool[count];
        var used = 0;
        void Meet(int row)
        {
            if (seen[row] || !isLive(row)) return;
            seen[row] = true;
            order[used++] = row;
        }

        if (links.Entry.Row >= 0) Meet(links.Entry.Row);
        for (var at = 0; at < used; at++)
        {
            var block = links.Of(order[at], 0);
            for (var i = 0; i < links.M0 && block[i] != 0; i++) Meet(block[i] - 1);
        }

        for (var row = 0; row < count; row++) Meet(row);
        return order[..used];
    }
}
