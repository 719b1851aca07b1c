namespace Skep.Embeddings.Ranking;

/// <summary>Marks old results down: the factor of a score halves with every half-life of age.</summary>
public static class Recency
{
    /// <summary>The factor: 1 for what is new (or dated in the future), ½ at the age of one half-life, and so on.</summary>
    /// <param name="age">How old.</param>
    /// <param name="halfLife">After how long it counts half, above zero.</param>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: the half-life is not above zero.</exception>
    public static double Factor(TimeSpan age, TimeSpan halfLife)
    {
        if (halfLife <= TimeSpan.Zero) throw new EmbeddingException(EmbeddingFault.BadArgument, $"a half-life of {halfLife}. It is above zero; leave recency out to have none");
        return age <= TimeSpan.Zero ? 1 : Math.Pow(2, -age.TotalSeconds / halfLife.TotalSeconds);
    }

    /// <summary>Results with their scores (which are not negative) times their factors, best first; equal ones in their order.</summary>
    /// <param name="results">The results.</param>
    /// <param name="age">How old each is.</param>
    /// <param name="halfLife">After how long one counts half, above zero.</param>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: the half-life is not above zero.</exception>
    public static IReadOnlyList<Ranked<T>> Apply<T>(IReadOnlyList<Ranked<T>> results, Func<T, TimeSpan> age, TimeSpan halfLife)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(age);
        return [.. results.Select(r => r with { Score = r.Score * Factor(age(r.Item), halfLife) }).OrderByDescending(r => r.Score)];
    }
}
