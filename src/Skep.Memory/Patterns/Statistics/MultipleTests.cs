namespace Skep.Memory.Patterns.Statistics;

/// <summary>
/// Probabilities of several tests, adjusted for there being several: who looks at twenty edges finds one at 5 % although there is nothing.
/// </summary>
public static class MultipleTests
{
    /// <summary>Holm (1979): below 0.05 means that the chance of even one false finding among all is below 5 %, whatever hangs together.</summary>
    public static double[] Holm(IReadOnlyList<double> probabilities)
    {
        var (order, adjusted, most) = (Ascending(probabilities), new double[probabilities.Count], 0.0);
        for (var rank = 0; rank < order.Length; rank++)
        {
            most = Math.Max(most, Math.Min(1, (order.Length - rank) * probabilities[order[rank]]));
            adjusted[order[rank]] = most;
        }

        return adjusted;
    }

    /// <summary>Benjamini and Hochberg (1995): of those below 0.05, about 5 % are expected to be false, if the tests are independent or rise together.</summary>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> probabilities)
    {
        var (order, adjusted, least) = (Ascending(probabilities), new double[probabilities.Count], 1.0);
        for (var rank = order.Length - 1; rank >= 0; rank--)
        {
            least = Math.Min(least, probabilities[order[rank]] * order.Length / (rank + 1));
            adjusted[order[rank]] = least;
        }

        return adjusted;
    }

    private static int[] Ascending(IReadOnlyList<double> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        return [.. Enumerable.Range(0, probabilities.Count).OrderBy(i => probabilities[i])];
    }
}
