namespace Skep.Vectors.Graph;

/// <summary>
/// Chooses links so that they lead in different directions (algorithm 4 of the HNSW paper): a candidate is taken unless one that was taken before is nearer
/// to it than the row itself. In clustered data that is what keeps clusters connected.
/// </summary>
internal static unsafe class NeighbourSelection
{
    /// <summary>Moves the chosen of some candidates, which lie nearest first, to the front, and returns how many they are.</summary>
    public static int Choose<TSpace>(TSpace space, Candidate* candidates, int count, int most)
        where TSpace : struct, IGraphSpace
    {
        if (count <= most && count <= 1) return count;
        var chosen = 0;
        for (var i = 0; i < count && chosen < most; i++)
        {
            var candidate = candidates[i];
            if (!IsApart(space, candidates, chosen, candidate)) continue;
            candidates[chosen++] = candidate;
        }

        return chosen;
    }

    private static bool IsApart<TSpace>(TSpace space, Candidate* chosen, int count, Candidate candidate)
        where TSpace : struct, IGraphSpace
    {
        for (var i = 0; i < count; i++)
        {
            if (space.Between(chosen[i].Row, candidate.Row) < candidate.Distance) return false;
        }

        return true;
    }
}
