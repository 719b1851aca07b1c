namespace Skep.Vectors;

/// <summary>How far two vectors are from each other. Smaller is nearer, whatever the metric.</summary>
public enum VectorMetric
{
    /// <summary>1 minus the cosine of the angle: 0 for the same direction, 2 for opposite ones. Vectors are normalised when they are stored; a zero vector has no direction and is refused.</summary>
    Cosine,

    /// <summary>The squared Euclidean distance.</summary>
    L2,

    /// <summary>The negated inner product, for vectors whose length carries meaning.</summary>
    InnerProduct,
}
