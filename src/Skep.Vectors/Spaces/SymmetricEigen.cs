using System.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>
/// Eigenvectors of a covariance matrix by one-sided Jacobi rotations (Hestenes, 1958): the rows of the matrix are turned against each other until all are at right angles.
/// In double precision, and in a fixed order.
/// </summary>
internal static unsafe class SymmetricEigen
{
    private const int MaxSweeps = 30;

    /// <summary>Rows whose cosine is below this count as being at right angles: far finer than what codes can show.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>Products below this share of the matrix's squared norm are rounding errors of rows that are zero.</summary>
    private const double Noise = 1e-26;

    /// <summary>The eigenvalues, largest first, and for each its eigenvector as a row.</summary>
    /// <param name="matrix">A symmetric, positive semidefinite matrix, row by row. Changed here.</param>
    /// <param name="n">Rows and columns.</param>
    public static (double[] Values, double[] Vectors) Of(double[] matrix, int n)
    {
        var vectors = new double[n * n];
        for (var i = 0; i < n; i++) vectors[(i * n) + i] = 1;
        var noise = Noise * matrix.Sum(x => x * x);
        fixed (double* a = matrix, v = vectors)
        {
            for (var sweep = 0; sweep < MaxSweeps && Sweep(a, v, n, noise); sweep++)
            {
            }
        }

        return Sorted(matrix, vectors, n);
    }

    private static bool Sweep(double* a, double* v, int n, double noise)
    {
        var turned = false;
        for (var p = 0; p < n - 1; p++)
        {
            for (var q = p + 1; q < n; q++) turned |= Turn(a + ((long)p * n), a + ((long)q * n), v + ((long)p * n), v + ((long)q * n), n, noise);
        }

        return turned;
    }

    private static bool Turn(double* x, double* y, double* vx, double* vy, int n, double noise)
    {
        var (xx, yy, xy) = Products(x, y, n);
        if (Math.Abs(xy) <= Tolerance * Math.Sqrt(xx * yy) || Math.Abs(xy) <= noise) return false;
        var zeta = (yy - xx) / (2 * xy);
        var t = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
        var cos = 1 / Math.Sqrt(1 + (t * t));
        Rotate(x, y, n, cos, cos * t);
        Rotate(vx, vy, n, cos, cos * t);
        return true;
    }

    private static (double XX, double YY, double XY) Products(double* x, double* y, int n)
    {
        Vector<double> sxx = default, syy = default, sxy = default;
        var i = 0;
        for (; i + Vector<double>.Count <= n; i += Vector<double>.Count)
        {
            var (a, b) = (Vector.Load(x + i), Vector.Load(y + i));
            sxx += a * a;
            syy += b * b;
            sxy += a * b;
        }

        var (xx, yy, xy) = (Vector.Sum(sxx), Vector.Sum(syy), Vector.Sum(sxy));
        for (; i < n; i++)
        {
            xx += x[i] * x[i];
            yy += y[i] * y[i];
            xy += x[i] * y[i];
        }

        return (xx, yy, xy);
    }

    private static void Rotate(double* x, double* y, int n, double cos, double sin)
    {
        var i = 0;
        for (; i + Vector<double>.Count <= n; i += Vector<double>.Count)
        {
            var (a, b) = (Vector.Load(x + i), Vector.Load(y + i));
            ((a * cos) - (b * sin)).Store(x + i);
            ((a * sin) + (b * cos)).Store(y + i);
        }

        for (; i < n; i++) (x[i], y[i]) = ((x[i] * cos) - (y[i] * sin), (x[i] * sin) + (y[i] * cos));
    }

    /// <summary>Turned rows are eigenvalue times eigenvector: their lengths are the eigenvalues.</summary>
    private static (double[] Values, double[] Vectors) Sorted(double[] matrix, double[] vectors, int n)
    {
        var values = new double[n];
        for (var row = 0; row < n; row++)
        {
            for (var i = 0; i < n; i++) values[row] += matrix[(row * n) + i] * matrix[(row * n) + i];
        }

        var order = Enumerable.Range(0, n).OrderByDescending(r => values[r]).ThenBy(r => r).ToArray();
        var sorted = new double[n * n];
        for (var to = 0; to < n; to++) Array.Copy(vectors, order[to] * n, sorted, to * n, n);
        return ([.. order.Select(r => Math.Sqrt(values[r]))], sorted);
    }
}
