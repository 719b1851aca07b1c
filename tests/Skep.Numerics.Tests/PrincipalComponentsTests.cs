namespace Skep.Numerics.Tests;

public class PrincipalComponentsTests
{
    [Fact]
    public void The_axes_of_a_stretched_cloud_are_found_in_the_order_of_their_variance()
    {
        var random = new Random(7);
        var rows = new float[2_000 * 12];
        for (var i = 0; i < rows.Length; i++) rows[i] = 5 + ((i % 12) switch { 3 => 4f, 8 => 2f, _ => 0.1f } * Normal(random));
        var found = PrincipalComponents.Of(rows, 12, 2);
        Span<float> place = stackalloc float[2];
        var vector = Enumerable.Repeat(5f, 12).ToArray();
        vector[3] += 1;
        vector[8] += 10;
        found.Project(vector, place);
        Assert.InRange(place[0], 0.8f, 1.6f); // The mean is that of the sample.
        Assert.InRange(place[1], 9.5f, 10.5f);
        Assert.InRange(found.Shares[0], 0.77, 0.83);
        Assert.InRange(found.Shares[1], 0.17, 0.23);
    }

    [Fact]
    public void It_agrees_with_jacobi_rotations_of_the_whole_covariance()
    {
        var random = new Random(11);
        const int D = 9, N = 300;
        var mix = Enumerable.Range(0, D * D).Select(_ => Normal(random)).ToArray();
        var rows = new float[N * D];
        for (var n = 0; n < N; n++)
        {
            var z = Enumerable.Range(0, D).Select(k => Normal(random) * (k + 1)).ToArray();
            for (var d = 0; d < D; d++) rows[(n * D) + d] = Enumerable.Range(0, D).Sum(k => mix[(d * D) + k] * z[k]);
        }

        var values = Jacobi(Covariance(rows, D), D).OrderDescending().ToArray();
        var found = PrincipalComponents.Of(rows, D, 3);
        for (var i = 0; i < 3; i++) Assert.Equal(values[i] / values.Sum(), found.Shares[i], 3);
    }

    [Fact]
    public void The_same_rows_give_the_same_directions()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 500 * 20).Select(_ => Normal(random)).ToArray();
        var (first, second) = (PrincipalComponents.Of(rows, 20, 2), PrincipalComponents.Of(rows, 20, 2));
        var (a, b) = (new float[2], new float[2]);
        first.Project(rows.AsSpan(0, 20), a);
        second.Project(rows.AsSpan(0, 20), b);
        Assert.Equal(a, b);
        Assert.Equal(first.Shares, second.Shares);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(7, 1)]
    [InlineData(4, 3)]
    public void Directions_beyond_the_rank_are_zero(int count, int dimension)
    {
        var rows = Enumerable.Repeat(2f, count * dimension).ToArray();
        var found = PrincipalComponents.Of(rows, dimension, 2);
        var place = new float[] { 9, 9 };
        found.Project(rows.AsSpan(0, dimension), place);
        Assert.Equal([0f, 0f], place);
        Assert.Equal([0d, 0d], found.Shares);
    }

    [Fact]
    public void Rows_that_are_cut_off_and_vectors_of_another_width_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Of(new float[7], 2, 2));
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Of([], 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalComponents.Of(new float[8], 2, 17));
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Of(new float[8], 2, 2).Project(new float[3], new float[2]));
    }

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private static double[] Covariance(float[] rows, int d)
    {
        var n = rows.Length / d;
        var mean = Enumerable.Range(0, d).Select(j => Enumerable.Range(0, n).Average(i => (double)rows[(i * d) + j])).ToArray();
        var c = new double[d * d];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < d; j++)
                for (var k = 0; k < d; k++) c[(j * d) + k] += (rows[(i * d) + j] - mean[j]) * (rows[(i * d) + k] - mean[k]);
        return c;
    }

    /// <summary>Eigenvalues by cyclic Jacobi rotations.</summary>
    private static double[] Jacobi(double[] a, int d)
    {
        for (var sweep = 0; sweep < 60; sweep++)
            for (var p = 0; p < d; p++)
                for (var q = p + 1; q < d; q++) Rotate(a, d, p, q);
        return [.. Enumerable.Range(0, d).Select(i => a[(i * d) + i])];
    }

    private static void Rotate(double[] a, int d, int p, int q)
    {
        if (Math.Abs(a[(p * d) + q]) < 1e-14) return;
        var theta = 0.5 * Math.Atan2(2 * a[(p * d) + q], a[(q * d) + q] - a[(p * d) + p]);
        var (c, s) = (Math.Cos(theta), Math.Sin(theta));
        for (var k = 0; k < d; k++) (a[(k * d) + p], a[(k * d) + q]) = ((c * a[(k * d) + p]) - (s * a[(k * d) + q]), (s * a[(k * d) + p]) + (c * a[(k * d) + q]));
        for (var k = 0; k < d; k++) (a[(p * d) + k], a[(q * d) + k]) = ((c * a[(p * d) + k]) - (s * a[(q * d) + k]), (s * a[(p * d) + k]) + (c * a[(q * d) + k]));
    }
}
