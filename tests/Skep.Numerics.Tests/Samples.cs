namespace Skep.Numerics.Tests;

/// <summary>Seeded data for kernels, in every length and out of step with registers.</summary>
internal static class Samples
{
    /// <summary>Longer than any main loop and its tail at every level, and the usual dimensions.</summary>
    public static IEnumerable<int> Lengths => Enumerable.Range(0, 258).Concat([384, 385, 511, 768, 1000, 1536]);

    /// <summary>Offsets of slices from where an array begins.</summary>
    public static int[] Offsets => [0, 1, 3];

    public static float[] Floats(int length, int seed, float scale = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 2) - 1) * scale)];
    }

    public static byte[] Bytes(int length, int seed, int max = 255)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(max + 1))];
    }

    public static ulong[] Words(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
    }

    /// <summary>A copy that begins some elements into its array, with poison before and behind: who reads that, shows it.</summary>
    public static Span<T> Misaligned<T>(ReadOnlySpan<T> values, int offset, T poison)
    {
        var array = new T[offset + values.Length + 64];
        Array.Fill(array, poison);
        values.CopyTo(array.AsSpan(offset));
        return array.AsSpan(offset, values.Length);
    }
}
