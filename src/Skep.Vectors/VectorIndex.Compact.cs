using Skep.Vectors.Graph;
using Skep.Vectors.Spaces;

namespace Skep.Vectors;

/// <content>Deleted rows are taken out.</content>
public sealed unsafe partial class VectorIndex
{
    /// <summary>Leads all ways around deleted rows. Searches and inserts go on meanwhile. Returns how many live rows there are in the graph.</summary>
    /// <param name="threads">How many threads work on it; 0 for one per processor.</param>
    public int Repair(int threads = 0)
    {
        lock (_linking)
        {
            using var use = Use();
            if (_codes is not { } codes || _linked == 0) return 0;
            var (highest, level) = LinkRepair.Highest(_links, _rows, _linked);
            _links.SetEntry(highest, level, _links.UpperUsed);
            using var linking = CodesToLinkBy(codes, 0, threads);
            return linking.Codes.With<RepairUser, int>(new RepairUser(this, _linked, threads));
        }
    }

    /// <summary>
    /// An index with the live rows of this one alone, in an order that suits the walk, codes calibrated anew, links kept. This one stays as it is; what is
    /// added to it meanwhile is to be added to the new one too, and what is deleted likewise.
    /// </summary>
    /// <param name="old">For each row of the new index, its number in this one.</param>
    /// <param name="threads">How many threads work on it; 0 for one per processor.</param>
    /// <param name="below">Only rows below this number: those that were there at some moment, while others are added.</param>
    public VectorIndex Compact(out int[] old, int threads = 0, int below = int.MaxValue)
    {
        Repair(threads);
        lock (_linking)
        {
            using var use = Use();
            var count = Math.Min(below, _rows.Count);
            var linked = _linked;
            var all = BreadthFirstOrder.Of(_links, linked, row => row < count && !_rows.IsDeleted(row)).ToList();
            var graph = all.Count;
            for (var row = linked; row < count; row++)
            {
                if (!_rows.IsDeleted(row)) all.Add(row);
            }

            old = [.. all];
            var compact = new VectorIndex(Options);
            foreach (var row in old) compact.Append(new ReadOnlySpan<float>(_rows.At(row), Options.Dimension), isNormalised: true, isCopy: true);
            if (_codes is not null && graph > 0) compact.Adopt(_links, old.AsSpan(0, graph), Math.Max(count, linked), threads);
            return compact;
        }
    }

    /// <summary>Takes over the links between rows that have other numbers now.</summary>
    private void Adopt(HnswLinks links, ReadOnlySpan<int> old, int oldCount, int threads)
    {
        Calibrate(threads);
        var now = new int[oldCount];
        for (var row = 0; row < old.Length; row++) now[old[row]] = row + 1;
        for (var row = 0; row < old.Length; row++)
        {
            _links.Admit(row, links.LevelOf(old[row]));
            for (var l = _links.LevelOf(row); l >= 0; l--) Translate(links.Of(old[row], l), _links.Of(row, l), links.Most(l), now);
        }

        var (highest, level) = LinkRepair.Highest(_links, _rows, old.Length);
        _links.SetEntry(highest, level, _links.UpperUsed);
        Volatile.Write(ref _linked, old.Length);
    }

    private static void Translate(int* from, int* to, int most, int[] now)
    {
        var used = 0;
        for (var i = 0; i < most && from[i] != 0; i++)
        {
            // 0: deleted while the others were written down.
            if (now[from[i] - 1] is var row and not 0) to[used++] = row;
        }
    }

    private readonly struct RepairUser(VectorIndex index, int linked, int threads) : ISpaceUser<int>
    {
        public int Use<TSpace>(TSpace space)
            where TSpace : struct, IGraphSpace
        {
            var (owner, live) = (index, 0);
            Parallel.For(0, linked, At(threads), SearchScratch.Rent, (row, _, scratch) =>
            {
                if (owner._rows.IsDeleted(row)) return scratch;
                Interlocked.Increment(ref live);
                LinkRepair.Repair(owner._links, space, owner._rows, row, scratch);
                return scratch;
            }, SearchScratch.Return);
            return live;
        }
    }
}
