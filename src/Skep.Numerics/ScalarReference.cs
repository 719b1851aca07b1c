namespace Skep.Numerics;

/// <summary>Every kernel once more, straight from its formula and in double where sums are rounded: what the tests compare with, and the slow path for extreme values.</summary>
internal static class ScalarReference
{
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (var i = 0; i < x.Length; i++) sum += (double)x[i] * y[i];
        return sum;
    }

    public static double SquaredL2(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (var i = 0; i < x.Length; i++) sum += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
        return sum;
    }

    public static double L1(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (var i = 0; i < x.Length; i++) sum += Math.Abs((double)x[i] - y[i]);
        return sum;
    }

    public static double CosineSimilarity(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => Dot(x, y) / (Math.Sqrt(Dot(x, x)) * Math.Sqrt(Dot(y, y)));

    public static double Sum(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (var value in x) sum += value;
        return sum;
    }

    public static double Norm(ReadOnlySpan<float> x) => Math.Sqrt(Dot(x, x));

    public static int Dot(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var sum = 0;
        for (var i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    public static int SquaredL2(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var sum = 0;
        for (var i = 0; i < x.Length; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
        return sum;
    }

    public static int Dot(ReadOnlySpan<sbyte> x, ReadOnlySpan<sbyte> y)
    {
        var sum = 0;
        for (var i = 0; i < x.Length; i++) sum += x[i] * y[i];
        return sum;
    }

    public static int SquaredL2(ReadOnlySpan<sbyte> x, ReadOnlySpan<sbyte> y)
    {
        var sum = 0;
        for (var i = 0; i < x.Length; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
        return sum;
    }

    public static int Hamming(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var bits = 0;
        for (var i = 0; i < x.Length; i++)
            for (var bit = 0; bit < 8; bit++) bits += ((x[i] ^ y[i]) >> bit) & 1;
        return bits;
    }
}
