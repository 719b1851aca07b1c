namespace Skep.Embeddings.Ranking;

/// <summary>
/// How much results of each namespace count. A namespace is a path of parts between slashes; the weight of the longest namespace that a path lies in holds, and 1 where none does.
/// <c>swarm/a</c> holds for <c>swarm/a</c> and <c>swarm/a/b</c>, not for <c>swarm/ab</c>.
/// </summary>
public sealed class NamespaceWeights
{
    /// <summary>Most namespaces.</summary>
    public const int MaxNamespaces = 1_000;

    private readonly Dictionary<string, double> _weights = new(StringComparer.Ordinal);

    /// <summary>Weights by namespace; the empty namespace is that of all paths.</summary>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.BadArgument"/>: a weight is below 0 or no number, a namespace is there twice, or there are too many.</exception>
    public NamespaceWeights(IEnumerable<KeyValuePair<string, double>> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        foreach (var (name, weight) in weights)
        {
            if (!double.IsFinite(weight) || weight < 0) throw Wrong($"namespace '{name}' weighs {weight}. A weight is at least 0");
            if (!_weights.TryAdd(name.Trim('/'), weight)) throw Wrong($"namespace '{name}' has two weights. Remove one");
            if (_weights.Count > MaxNamespaces) throw Wrong($"there are more than {MaxNamespaces} weights. Weigh namespaces further up");
        }
    }

    /// <summary>The weight of a path.</summary>
    public double Of(ReadOnlySpan<char> path)
    {
        var lookup = _weights.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var name = path.Trim('/'); ; name = name[..Math.Max(0, name.LastIndexOf('/'))])
        {
            if (lookup.TryGetValue(name, out var weight)) return weight;
            if (name.IsEmpty) return 1;
        }
    }

    /// <summary>Results with their scores (which are not negative) times their weights, best first; equal ones in their order, those of weight 0 left out.</summary>
    public IReadOnlyList<Ranked<T>> Apply<T>(IReadOnlyList<Ranked<T>> results, Func<T, string> path)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(path);
        return [.. results.Select(r => (r.Item, r.Score, Weight: Of(path(r.Item)))).Where(r => r.Weight > 0).Select(r => new Ranked<T>(r.Item, r.Score * r.Weight)).OrderByDescending(r => r.Score)];
    }

    private static EmbeddingException Wrong(string what) => new(EmbeddingFault.BadArgument, "namespace weights: " + what);
}
