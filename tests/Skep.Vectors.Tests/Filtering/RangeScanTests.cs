using System.Numerics;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>The scan at every length, against the scalar reference.</summary>
public sealed class RangeScanTests
{
    [Fact]
    public void Numbers_of_all_kinds_are_found_as_the_reference_finds_them()
    {
        double[] kinds = [double.NaN, double.NegativeInfinity, double.PositiveInfinity, -0.0, 0.0, double.Epsilon, -double.Epsilon, 1, -1, double.MaxValue, double.MinValue];
        var values = Values(i => kinds[i * 7 % kinds.Length]);
        foreach (var least in kinds)
        {
            foreach (var most in kinds)
            {
                Same(values.AsSpan(3), least, most);
            }
        }

        EveryLength(values, -1, 1);
    }

    [Fact]
    public void Ticks_of_all_kinds_are_found_as_the_reference_finds_them()
    {
        long[] kinds = [long.MinValue, -1, 0, 1, long.MaxValue, DateTime.MaxValue.Ticks];
        var values = Values(i => kinds[i * 5 % kinds.Length]);
        foreach (var least in kinds)
        {
            Same(values.AsSpan(1), least, long.MaxValue);
        }

        EveryLength(values, 0, 1);
    }

    private static T[] Values<T>(Func<int, T> value) => [.. Enumerable.Range(0, 300).Select(value)];

    private static void EveryLength<T>(T[] values, T least, T most)
        where T : struct, INumber<T>
    {
        for (var length = 0; length <= 257; length++)
        {
            Same(values.AsSpan(length % 5, length), least, most);
        }
    }

    private static void Same<T>(ReadOnlySpan<T> values, T least, T most)
        where T : struct, INumber<T>
    {
        var expected = new ulong[BitWords.Words(values.Length)];
        var found = new ulong[expected.Length];
        found.AsSpan().Fill(ulong.MaxValue);
        RangeScan.Scalar(values, least, most, expected);
        RangeScan.Scan(values, least, most, found);
        Assert.Equal(expected, found);
    }
}
