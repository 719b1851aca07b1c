using Skep.Embeddings;
using Skep.Vectors;

namespace Skep.Memory;

/// <summary>A vector that a caller brings with an entry.</summary>
/// <param name="Model">What made it: name, dimension and normalisation.</param>
/// <param name="Numbers">As many numbers as the model has dimensions, all finite and not all zero. They must not change until the store has completed.</param>
public sealed record EntryVector(EmbeddingModelId Model, ReadOnlyMemory<float> Numbers)
{
    /// <summary>Throws when it cannot be searched for.</summary>
    internal void Require(string path)
    {
        if (VectorFaults.Of(Numbers.Span, Model.Dimension) is { } fault) throw new MemoryException(MemoryFault.InvalidValue, $"the vector of '{path}' cannot be kept: {fault}");
    }
}

/// <summary>What is wrong with vectors from outside.</summary>
internal static class VectorFaults
{
    /// <summary>What is wrong with a vector, or null.</summary>
    internal static string? Of(ReadOnlySpan<float> vector, int dimension)
    {
        if (dimension > VectorIndexOptions.MaxDimension) return $"{dimension} dimensions are more than the {VectorIndexOptions.MaxDimension} that are indexed";
        if (vector.Length != dimension) return $"it has {vector.Length} numbers, and its model has {dimension} dimensions";
        var allZero = true;
        for (var i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i])) return $"number {i} of it is {vector[i]}; all must be finite";
            allZero &= vector[i] == 0;
        }

        return allZero ? "all its numbers are 0, so it has no direction" : null;
    }
}
