using Skep.Embeddings.Hashing;

namespace Skep.Bench.Retrieval;

/// <summary>
/// Chooses the weights of hash embeddings on the dev half: one weight after the other through a few values, as long as something gets better. By the mean nDCG@10 at 256, 384 and 1,024 dimensions.
/// </summary>
internal static class RetrievalTuning
{
    private static readonly double[] Values = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3];

    private static readonly (string Name, double[] Values, Func<HashWeights, double, HashWeights> With)[] Knobs =
    [
        (nameof(HashWeights.Word), Values, (w, v) => w with { Word = v }),
        (nameof(HashWeights.Stem), Values, (w, v) => w with { Stem = v }),
        (nameof(HashWeights.Pair), Values, (w, v) => w with { Pair = v }),
        (nameof(HashWeights.Three), Values, (w, v) => w with { Three = v }),
        (nameof(HashWeights.Four), Values, (w, v) => w with { Four = v }),
        (nameof(HashWeights.Five), Values, (w, v) => w with { Five = v }),
        (nameof(HashWeights.StopWord), [0, 0.05, 0.1, 0.2, 0.4, 1], (w, v) => w with { StopWord = v }),
        (nameof(HashWeights.FullLength), [1, 4, 5, 6, 7, 8, 10], (w, v) => w with { FullLength = (int)v }),
    ];

    public static void Run()
    {
        var set = RetrievalSet.ByHand("dev");
        var (best, score) = (HashWeights.Default, Score(set, HashWeights.Default));
        Console.WriteLine($"{score:0.0000} {best}");
        for (var improved = true; improved;)
        {
            improved = false;
            foreach (var (name, values, with) in Knobs)
            {
                foreach (var value in values)
                {
                    var tried = with(best, value);
                    var got = Score(set, tried);
                    if (got <= score + 1e-4) continue;
                    (best, score, improved) = (tried, got, true);
                    Console.WriteLine($"{score:0.0000} {name} = {value}");
                }
            }
        }

        Console.WriteLine($"{score:0.0000} {best}");
    }

    private static double Score(RetrievalSet set, HashWeights weights) =>
        new[] { 256, 384, 1024 }.Average(d => RetrievalMeasures.Of(set, Rankers.Hashes(set, new(d, weights))).Ndcg);
}
