using Skep.Embeddings.Hashing;
using Skep.Numerics;

namespace Skep.Memory.Patterns;

/// <summary>
/// How like two tasks are: the cosine of their hash embeddings, which is about words and spellings, not about meaning. Needs no model and gives the same on every machine, so that what is
/// distilled and merged does, too.
/// </summary>
public sealed class TaskLikeness
{
    /// <summary>
    /// From here on tasks without a kind count as similar. Measured on the tasks of <c>TaskLikenessTests</c>: see docs/memory-patterns.md.
    /// </summary>
    public const double Similar = 0.5;

    /// <summary>From here on two tasks are told in the same words, but for a name or a number.</summary>
    public const double NearlySame = 0.9;

    private readonly HashEmbedder _embedder = new();

    /// <summary>A task's vector; zeros when there is no word in it.</summary>
    public float[] Of(string task)
    {
        var vector = new float[_embedder.Model.Dimension];
        _ = _embedder.TryEmbed(task, vector);
        return vector;
    }

    /// <summary>How like two tasks are, from about 0 to 1.</summary>
    public double Between(string one, string two) => Between(Of(one), Of(two));

    /// <summary>How like two tasks are, by their vectors; 0 where one has no words.</summary>
    internal static double Between(float[] one, float[] two) =>
        one.AsSpan().ContainsAnyExcept(0f) && two.AsSpan().ContainsAnyExcept(0f) ? VectorDistance.CosineSimilarity(one, two) : 0;
}
