namespace Skep.Vectors;

/// <summary>A row that was found.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Distance">How far it is from the query by the index's metric, in full precision: 1 - cosine, the squared Euclidean distance, or the negated inner product.</param>
public readonly record struct VectorHit(int Row, float Distance);
