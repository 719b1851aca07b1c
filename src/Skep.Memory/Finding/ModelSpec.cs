using System.Globalization;
using Skep.Embeddings;
using Skep.Embeddings.Hashing;
using Skep.Vectors;

namespace Skep.Memory.Finding;

/// <summary>
/// How people name what makes the vectors of a namespace: <c>hash:384</c> (hash embeddings of so many dimensions), <c>own:NAME:DIM</c> (nothing does, callers bring
/// them), or any name that the host's factory knows, such as <c>openai/text-embedding-3-small</c>.
/// </summary>
internal static class ModelSpec
{
    internal const string Default = "hash:384";

    private const string Hash = "hash:";
    private const string Own = "own:";

    /// <summary>What the default makes.</summary>
    internal static EmbeddingModelId DefaultModel { get; } = new HashEmbedder().Model;

    /// <summary>Whether vectors are brought by callers.</summary>
    internal static bool IsOwn(string spec) => spec.StartsWith(Own, StringComparison.Ordinal);

    /// <summary>An embedder that needs no host; null for another spec.</summary>
    /// <exception cref="MemoryException">It has a dimension that cannot be.</exception>
    internal static HashEmbedder? Embedder(string spec)
    {
        if (!spec.StartsWith(Hash, StringComparison.Ordinal)) return null;
        var dimension = Dimension(spec, spec[Hash.Length..], HashEmbedder.MinDimension, HashEmbedder.MaxDimension);
        return new HashEmbedder(dimension);
    }

    /// <summary>The model of vectors that callers bring.</summary>
    /// <exception cref="MemoryException">The spec is not valid.</exception>
    internal static EmbeddingModelId OwnModel(string spec)
    {
        var (name, at) = (spec[Own.Length..], spec.LastIndexOf(':'));
        if (at <= Own.Length) throw Bad(spec, $"write {Own}NAME:DIMENSIONS, such as {Own}clip:512");
        name = spec[Own.Length..at];
        if (name.Length > EmbeddingModelId.MaxName || name.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c))) throw Bad(spec, $"a name has 1 to {EmbeddingModelId.MaxName} characters, without blanks");
        return new EmbeddingModelId(name, Dimension(spec, spec[(at + 1)..], 1, VectorIndexOptions.MaxDimension), Normalised: false);
    }

    internal static MemoryException Bad(string spec, string why) => new(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(spec)}' cannot be the model of a namespace: {why}");

    private static int Dimension(string spec, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) && dimension >= least && dimension <= most
            ? dimension
            : throw Bad(spec, $"'{text}' dimensions are not possible; give {least} to {most}");
}
