namespace Skep.Numerics.Tests;

/// <summary>How far a sum in single precision may be from the same sum in double.</summary>
internal static class Close
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>
    /// The classical bound for a sum of n rounded terms, in any order: (n + 2) units of rounding, relative to the sum of magnitudes (Higham, Accuracy and Stability of Numerical
    /// Algorithms, 4.2), and half of the smallest subnormal number per term, which a product may lose below the normal range.
    /// </summary>
    public static void Sum(double expected, float actual, double magnitudes, int terms, string what)
    {
        if (!double.IsFinite(expected) || Math.Abs(expected) > float.MaxValue)
        {
            Assert.True(((float)expected).Equals(actual), $"{what}: {actual} instead of {(float)expected}");
            return;
        }

        var allowed = ((terms + 2) * Unit * magnitudes) + (terms * (double)float.Epsilon);
        Assert.True(Math.Abs(expected - actual) <= allowed, $"{what}: {actual:R} instead of {expected:R}, more than {allowed:R} apart");
    }
}
