using Skep.Vectors.Filtering;

namespace Skep.Vectors.Collections;

/// <summary>What a collection keeps under a key.</summary>
/// <param name="Key">Its name in the collection: 1 to 512 bytes of UTF-8.</param>
/// <param name="Vector">The vector. It must not change until the call that it was given to has ended. Read back under the cosine metric, it is normalised.</param>
/// <param name="Fields">Metadata that can be filtered by; null for none.</param>
public sealed record VectorRecord(string Key, ReadOnlyMemory<float> Vector, FieldValues? Fields = null);

/// <summary>A record that a search found.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Distance">How far it is from the query by the collection's metric, in full precision: smaller is nearer.</param>
/// <param name="Fields">Its metadata; empty where the query does not ask for it.</param>
public sealed record VectorMatch(string Key, float Distance, FieldValues Fields);
