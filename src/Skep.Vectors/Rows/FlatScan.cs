using System.Numerics;
using Skep.Vectors.Filtering;
using Skep.Vectors.Graph;
using Skep.Vectors.Spaces;

namespace Skep.Vectors.Rows;

/// <summary>Compares a query with every row of a range that is not deleted, and in a set if there is one.</summary>
internal static unsafe class FlatScan
{
    /// <summary>Rows of a set that are fetched while those before them are compared: they lie apart, and the processor does not guess where. A power of two.</summary>
    private const int Ahead = 8;

    /// <summary>By codes.</summary>
    public readonly struct ByCodes(byte* query, int from, int to, RowStore rows, RowSet? only, Candidate* items, int found, int most) : ISpaceUser<int>
    {
        public int Use<TSpace>(TSpace space)
            where TSpace : struct, IGraphSpace
        {
            var pool = new CandidatePool(items, most, found);
            var ahead = stackalloc int[Ahead];
            var met = 0;
            for (var word = from >> 6; word << 6 < to; word++)
            {
                for (var bits = Wanted(rows, only, word, from, to); bits != 0; bits &= bits - 1)
                {
                    var row = (word << 6) + BitOperations.TrailingZeroCount(bits);
                    if (only is null)
                    {
                        Compare(space, row, ref pool);
                        continue;
                    }

                    space.Prefetch(row);
                    ref var place = ref ahead[met & (Ahead - 1)];
                    if (met++ >= Ahead) Compare(space, place, ref pool);
                    place = row;
                }
            }

            for (var i = Math.Max(0, met - Ahead); i < met; i++) Compare(space, ahead[i & (Ahead - 1)], ref pool);
            return pool.Count;
        }

        private void Compare<TSpace>(TSpace space, int row, ref CandidatePool pool)
            where TSpace : struct, IGraphSpace
        {
            var distance = space.ToQuery(query, row);
            if (distance < pool.Worst) pool.Add(row, distance);
        }
    }

    /// <summary>In full precision. Returns how many of the nearest <paramref name="most"/> there are.</summary>
    public static int Exact(float* query, int to, RowStore rows, RowSet? only, Candidate* items, int most)
    {
        var pool = new CandidatePool(items, most);
        for (var word = 0; word << 6 < to; word++)
        {
            for (var bits = Wanted(rows, only, word, 0, to); bits != 0; bits &= bits - 1)
            {
                var row = (word << 6) + BitOperations.TrailingZeroCount(bits);
                var distance = rows.Distance(query, row);
                if (distance < pool.Worst) pool.Add(row, distance);
            }
        }

        return pool.Count;
    }

    /// <summary>The rows of a word that are in the range, alive, and in the set.</summary>
    private static ulong Wanted(RowStore rows, RowSet? only, int word, int from, int to)
    {
        var bits = ~Volatile.Read(ref rows.Deleted[word]);
        if (only is not null) bits &= word < only.Words.Length ? only.Words[word] : 0;
        var first = word << 6;
        if (first < from) bits &= ulong.MaxValue << (from - first);
        if (first + 64 > to) bits &= ulong.MaxValue >> (first + 64 - to);
        return bits;
    }
}
