using System.Numerics;
using Skep.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>
/// A random rotation that costs n log n: rounds of random signs and Walsh-Hadamard transforms. As those want powers of two, each round transforms the largest
/// such block, at the beginning and at the end by turns, and then mixes the halves. Afterwards every number carries a little of all, so that none is an
/// outlier and errors of codes point nowhere in particular. The same for equal seeds, on every machine.
/// </summary>
internal sealed unsafe class RandomRotation
{
    /// <summary>Numbers that dimensions are rounded up to.</summary>
    public const int Unit = 64;

    /// <summary>After four rounds the coordinates of even a single axis cannot be told from normal ones.</summary>
    private const int Rounds = 4;

    private readonly float[] _signs;
    private readonly int _block;

    public RandomRotation(int dimension, ulong seed)
    {
        (Dimension, Seed) = (dimension, seed);
        Length = (dimension + Unit - 1) / Unit * Unit;
        _block = 1 << BitOperations.Log2((uint)Length);
        _signs = new float[Rounds * Length];
        var random = new SplitMix(seed);
        for (var i = 0; i < _signs.Length; i++) _signs[i] = (random.Next() & 1) == 0 ? 1 : -1;
    }

    public int Dimension { get; }

    public ulong Seed { get; }

    /// <summary>Numbers of a rotated vector.</summary>
    public int Length { get; }

    /// <summary>Rotates a vector of <see cref="Dimension"/> numbers, less another one if there is one.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="less">What is taken away before; may be null.</param>
    /// <param name="rotated">Room for <see cref="Length"/> numbers.</param>
    public void Apply(float* vector, float* less, float* rotated)
    {
        for (var i = 0; i < Dimension; i++) rotated[i] = less is null ? vector[i] : vector[i] - less[i];
        new Span<float>(rotated + Dimension, Length - Dimension).Clear();
        for (var round = 0; round < Rounds; round++)
        {
            Flip(rotated, round);
            var block = rotated + (round % 2 == 0 ? 0 : Length - _block);
            WalshHadamard.Transform(block, _block);
            VectorMath.Scale(new Span<float>(block, _block), 1 / MathF.Sqrt(_block));
            if (_block < Length) Mix(rotated);
        }
    }

    private void Flip(float* x, int round)
    {
        fixed (float* signs = &_signs[round * Length])
        {
            for (var i = 0; i < Length; i++) x[i] *= signs[i];
        }
    }

    private void Mix(float* x)
    {
        WalshHadamard.Butterfly(x, x + (Length / 2), Length / 2);
        VectorMath.Scale(new Span<float>(x, Length), 1 / MathF.Sqrt(2));
    }
}
