using System.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>
/// The 256 centroids of one part, one dimension after the other, so that a vector is compared with several of them at once. Not changed once made, except by training.
/// </summary>
/// <param name="length">Dimensions of the part.</param>
internal sealed unsafe class CentroidTable(int length)
{
    /// <summary>As many as a byte can name.</summary>
    public const int Count = 256;

    public int Length => length;

    /// <summary>Number d of centroid c is at d · 256 + c.</summary>
    public float[] Values { get; } = new float[length * Count];

    /// <summary>Squared distances of a part of a vector to all centroids.</summary>
    public void SquaredL2(float* part, float* results)
    {
        fixed (float* values = Values)
        {
            for (var c = 0; c < Count; c += Vector<float>.Count)
            {
                var sum = Vector<float>.Zero;
                for (var d = 0; d < length; d++)
                {
                    var off = Vector.Load(values + (d * Count) + c) - new Vector<float>(part[d]);
                    sum += off * off;
                }

                sum.Store(results + c);
            }
        }
    }

    /// <summary>Negated inner products of a part of a vector with all centroids.</summary>
    public void NegatedDot(float* part, float* results)
    {
        fixed (float* values = Values)
        {
            for (var c = 0; c < Count; c += Vector<float>.Count)
            {
                var sum = Vector<float>.Zero;
                for (var d = 0; d < length; d++) sum -= Vector.Load(values + (d * Count) + c) * new Vector<float>(part[d]);
                sum.Store(results + c);
            }
        }
    }

    /// <summary>The nearest centroid of a part of a vector, the first of equals, and its squared distance.</summary>
    public (byte Code, float Distance) Nearest(float* part)
    {
        var distances = stackalloc float[Count];
        SquaredL2(part, distances);
        var least = new Vector<float>(float.PositiveInfinity);
        for (var c = 0; c < Count; c += Vector<float>.Count) least = Vector.Min(least, Vector.Load(distances + c));
        var best = float.PositiveInfinity;
        for (var i = 0; i < Vector<float>.Count; i++) best = Math.Min(best, least[i]);
        return ((byte)Math.Max(0, new ReadOnlySpan<float>(distances, Count).IndexOf(best)), best);
    }

    /// <summary>The squared distance, or the negated inner product, of two centroids.</summary>
    public float Between(byte a, byte b, bool isL2)
    {
        float sum = 0;
        for (var d = 0; d < length; d++)
        {
            var (x, y) = (Values[(d * Count) + a], Values[(d * Count) + b]);
            sum += isL2 ? (x - y) * (x - y) : -(x * y);
        }

        return sum;
    }
}
