using System.Buffers.Binary;
using Skep.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>Moves the middle of the rows to zero and rotates: what codes of few bits want, whose range is then the same in every dimension.</summary>
internal sealed unsafe class CentredRotation
{
    public const ulong DefaultSeed = 20_261_121;

    /// <summary>Bytes before the centre when written.</summary>
    private const int HeadBytes = sizeof(ulong);

    private readonly float[] _centre;
    private readonly RandomRotation _rotation;

    private CentredRotation(float[] centre, ulong seed)
    {
        _centre = centre;
        _rotation = new RandomRotation(centre.Length, seed);
        RotatedCentre = new float[Length];
        fixed (float* vector = _centre, rotated = RotatedCentre) _rotation.Apply(vector, null, rotated);
        CentreSquare = VectorMath.SumOfSquares(centre);
    }

    /// <summary>Numbers of a rotated vector: a multiple of 64.</summary>
    public int Length => _rotation.Length;

    /// <summary>The centre after the rotation.</summary>
    public float[] RotatedCentre { get; }

    /// <summary>The centre's squared length.</summary>
    public float CentreSquare { get; }

    /// <summary>Bytes that <see cref="Write"/> fills.</summary>
    public int WrittenBytes => HeadBytes + (_centre.Length * sizeof(float));

    /// <summary>From a sample of rows, one after the other.</summary>
    public static CentredRotation Of(ReadOnlySpan<float> sample, int dimension, ulong seed = DefaultSeed)
    {
        var sums = new double[dimension];
        for (var at = 0; at < sample.Length; at += dimension)
        {
            for (var i = 0; i < dimension; i++) sums[i] += sample[at + i];
        }

        var count = Math.Max(1, sample.Length / dimension);
        return new CentredRotation([.. sums.Select(s => (float)(s / count))], seed);
    }

    public static CentredRotation Read(ReadOnlySpan<byte> bytes, int dimension)
    {
        var centre = new float[dimension];
        for (var i = 0; i < dimension; i++) centre[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(HeadBytes + (i * sizeof(float)))..]);
        return new CentredRotation(centre, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _rotation.Seed);
        for (var i = 0; i < _centre.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes[(HeadBytes + (i * sizeof(float)))..], _centre[i]);
    }

    /// <summary>Where a vector lies as seen from the centre, rotated.</summary>
    public void FromCentre(float* vector, float* rotated)
    {
        fixed (float* centre = _centre) _rotation.Apply(vector, centre, rotated);
    }

    /// <summary>The vector itself, rotated.</summary>
    public void Rotate(float* vector, float* rotated) => _rotation.Apply(vector, null, rotated);

    /// <summary>The inner product of a vector and the centre.</summary>
    public float DotCentre(float* vector)
    {
        fixed (float* centre = _centre) return VectorDistance.Dot(vector, centre, _centre.Length);
    }

    /// <summary>A sample's rows as seen from the centre, rotated.</summary>
    public float[] FromCentre(ReadOnlySpan<float> sample)
    {
        var (count, dimension) = (sample.Length / _centre.Length, _centre.Length);
        var rotated = new float[count * Length];
        fixed (float* from = sample, to = rotated)
        {
            for (var i = 0; i < count; i++) FromCentre(from + ((long)i * dimension), to + ((long)i * Length));
        }

        return rotated;
    }
}
