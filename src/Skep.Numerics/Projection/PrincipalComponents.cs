namespace Skep.Numerics;

/// <summary>
/// The directions in which a set of vectors varies most (principal component analysis), found by orthogonal iteration on the data themselves: memory for a few
/// vectors of the same width, never a square matrix. The same rows give the same directions on every run.
/// </summary>
/// <remarks>Source: Golub, Van Loan, <i>Matrix Computations</i>, orthogonal iteration; Pearson 1901 for the components.</remarks>
public sealed class PrincipalComponents
{
    /// <summary>Most directions.</summary>
    public const int MaxCount = 16;

    /// <summary>Rounds after which directions that still turn are taken as they are: those of nearly equal variance may never settle, and any of them is as good.</summary>
    private const int MaxRounds = 100;

    /// <summary>Directions that are followed beside the wanted ones, so that those settle sooner.</summary>
    private const int Guards = 4;

    /// <summary>A direction whose cosine with that of the round before is this near to 1 has settled.</summary>
    private const double Settled = 1e-7;

    private readonly float[] _mean;
    private readonly float[][] _directions;

    private PrincipalComponents(float[] mean, float[][] directions, double[] shares) => (_mean, _directions, Shares) = (mean, directions, shares);

    /// <summary>How much of all variance lies in each direction, 0 to 1, largest first.</summary>
    public IReadOnlyList<double> Shares { get; }

    /// <summary>Finds the first directions.</summary>
    /// <param name="rows">The vectors, one after the other, finite.</param>
    /// <param name="dimension">Numbers of a vector.</param>
    /// <param name="count">Directions that are wanted, 1 to <see cref="MaxCount"/>. Beyond the rank of the data they are zero.</param>
    /// <exception cref="ArgumentException">There is no row, or the numbers are no multiple of the dimension.</exception>
    public static PrincipalComponents Of(ReadOnlySpan<float> rows, int dimension, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        if (rows.Length == 0 || rows.Length % dimension != 0) throw new ArgumentException($"{rows.Length} numbers are no whole vectors of {dimension}", nameof(rows));
        var (centred, mean) = Centre(rows, dimension);
        var (directions, variances) = Iterate(centred, dimension, Math.Min(dimension, count + Guards));
        var total = Variance(centred) is var all and > 0 ? all : 1;
        return new PrincipalComponents(mean, [.. Padded(directions, count, dimension)], [.. Enumerable.Range(0, count).Select(i => i < variances.Length ? Math.Min(1, variances[i] / total) : 0)]);
    }

    /// <summary>Where a vector lies along the directions, from the mean of the rows.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="place">One number for each direction.</param>
    /// <exception cref="ArgumentException">The vector has another dimension.</exception>
    public void Project(ReadOnlySpan<float> vector, Span<float> place)
    {
        if (vector.Length != _mean.Length) throw new ArgumentException($"the vector has {vector.Length} dimensions; these directions have {_mean.Length}", nameof(vector));
        for (var i = 0; i < _directions.Length; i++) place[i] = VectorDistance.Dot(vector, _directions[i]) - VectorDistance.Dot(_mean, _directions[i]);
    }

    private static (float[] Rows, float[] Mean) Centre(ReadOnlySpan<float> rows, int dimension)
    {
        var sums = new double[dimension];
        for (var i = 0; i < rows.Length; i++) sums[i % dimension] += rows[i];
        var factor = (double)dimension / rows.Length;
        var mean = sums.Select(s => (float)(s * factor)).ToArray();
        return (Centred(rows, mean), mean);
    }

    private static float[] Centred(ReadOnlySpan<float> rows, float[] mean)
    {
        var centred = rows.ToArray();
        for (var at = 0; at < rows.Length; at += mean.Length) VectorMath.AddScaled(centred.AsSpan(at, mean.Length), mean, -1);
        return centred;
    }

    private static double Variance(float[] centred)
    {
        var sum = 0.0;
        foreach (var x in centred) sum += (double)x * x;
        return sum;
    }

    /// <summary>Each round stretches the directions by the data, most along what varies most, and sets them square to each other again.</summary>
    private static (float[][] Directions, double[] Variances) Iterate(float[] rows, int dimension, int count)
    {
        var directions = Start(dimension, count);
        var variances = new double[count];
        for (var round = 0; round < MaxRounds; round++)
        {
            var stretched = directions.Select(d => Stretch(rows, d)).ToArray();
            for (var i = 0; i < count; i++) variances[i] = VectorDistance.Dot(stretched[i], directions[i]);
            Orthonormalise(stretched);
            var turned = directions.Zip(stretched).Take(Math.Max(1, count - Guards)).Max(static p => 1 - Math.Abs(VectorDistance.Dot(p.First, p.Second)));
            directions = stretched;
            if (turned < Settled) break;
        }

        foreach (var direction in directions) Point(direction);
        return (directions, variances);
    }

    /// <summary>The scatter matrix times a direction, without the matrix.</summary>
    private static float[] Stretch(float[] rows, float[] direction)
    {
        var sum = new float[direction.Length];
        for (var at = 0; at < rows.Length; at += direction.Length)
        {
            var row = rows.AsSpan(at, direction.Length);
            VectorMath.AddScaled(sum, row, VectorDistance.Dot(row, direction));
        }

        return sum;
    }

    /// <summary>Gram and Schmidt's way, twice over what is left, which keeps it exact in floats. What has nothing left becomes zero.</summary>
    private static void Orthonormalise(float[][] vectors)
    {
        for (var i = 0; i < vectors.Length; i++)
        {
            var before = VectorMath.Norm(vectors[i]);
            for (var pass = 0; pass < 2; pass++)
                for (var j = 0; j < i; j++) VectorMath.AddScaled(vectors[i], vectors[j], -VectorDistance.Dot(vectors[i], vectors[j]));
            var left = VectorMath.Norm(vectors[i]);
            if (left <= before * 1e-6f) Array.Clear(vectors[i]);
            else VectorMath.Scale(vectors[i], 1 / left);
        }
    }

    /// <summary>Any directions do, if they are not square to the wanted ones and the same each time.</summary>
    private static float[][] Start(int dimension, int count)
    {
        var state = 0x9E3779B97F4A7C15UL;
        var start = Enumerable.Range(0, count).Select(_ => new float[dimension]).ToArray();
        foreach (var direction in start)
            for (var i = 0; i < dimension; i++) direction[i] = Next(ref state);
        Orthonormalise(start);
        return start;
    }

    /// <summary>The next number of SplitMix64, from -1 to 1.</summary>
    private static float Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 40) * (2f / (1 << 24)) - 1;
    }

    /// <summary>A direction and its opposite are the same component: the larger coordinate is made positive.</summary>
    private static void Point(float[] direction)
    {
        if (direction.MaxBy(Math.Abs) < 0) VectorMath.Scale(direction, -1);
    }

    private static IEnumerable<float[]> Padded(float[][] directions, int count, int dimension) =>
        Enumerable.Range(0, count).Select(i => i < directions.Length ? directions[i] : new float[dimension]);
}
