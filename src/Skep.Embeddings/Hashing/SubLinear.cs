namespace Skep.Embeddings.Hashing;

/// <summary>
/// 1 + log₂ of a count, by straight lines between the powers of two: within 0.09 of the logarithm, and the same to the last bit on every machine, which a library's logarithm
/// is not. In units of 1/<see cref="One"/>.
/// </summary>
internal static class SubLinear
{
    /// <summary>What stands for 1.</summary>
    public const long One = 1 << Bits;

    private const int Bits = 12;

    /// <summary>The weight of a feature that occurs so often; at least once.</summary>
    public static long Of(int count)
    {
        var power = System.Numerics.BitOperations.Log2((uint)count);
        var beyond = ((long)count << Bits) >> power;
        return (power * One) + beyond;
    }
}
