namespace Skep.Vectors.Spaces;

/// <summary>
/// 7-bit codes: a number x stands as u = round((x - low) / step), 0 to 127. A row of codes and a query in signed 8-bit codes c, q ≈ t·c, give
/// Σ x·q ≈ low · Σ q + step · t · Σ u·c: one integer product, whose pairwise sums stay below 2^15, so that 16-bit lanes do not saturate. Between two rows:
/// Σ x·y ≈ n·low² + low·step·(Σu + Σv) + step²·Σ u·v. Squared distances do not change when all vectors are moved by low, so there
/// |x - y|² = step²·(Σu² + Σv² - 2 Σ u·v), and the query is moved likewise before it is coded.
/// </summary>
internal sealed unsafe class ScalarCodec
{
    public const int Top = 127;

    public ScalarCodec(VectorMetric metric, int dimension, float low, float step)
    {
        (Metric, Dimension, Low, Step) = (metric, dimension, low, step);
        Stride = (dimension + 63) / 64 * 64;
    }

    public VectorMetric Metric { get; }

    public int Dimension { get; }

    /// <summary>What code 0 stands for.</summary>
    public float Low { get; }

    /// <summary>What one step of the code is worth.</summary>
    public float Step { get; }

    /// <summary>Bytes of a row: the dimensions, rounded up to whole cache lines.</summary>
    public int Stride { get; }

    /// <summary>Bytes of a prepared query.</summary>
    public int QueryBytes => CodeQuery.Bytes + Stride;

    public bool IsL2 => Metric == VectorMetric.L2;

    public CodeDotSpace DotSpace(byte* codes, float* parts) => new(codes, parts, Stride, -Dimension * Low * Low, Step * Step);

    public CodeL2Space L2Space(byte* codes, float* parts) => new(codes, parts, Stride, 2 * Step * Step);

    /// <summary>Codes a row, and returns its own part of a distance.</summary>
    public float Encode(ReadOnlySpan<float> vector, byte* row)
    {
        long sum = 0, squares = 0;
        var inverse = 1 / Step;
        for (var i = 0; i < vector.Length; i++)
        {
            var code = (int)MathF.Round(Math.Clamp((vector[i] - Low) * inverse, 0, Top));
            row[i] = (byte)code;
            sum += code;
            squares += code * code;
        }

        for (var i = vector.Length; i < Stride; i++) row[i] = 0;
        return IsL2 ? (float)(squares * ((double)Step * Step)) : -Low * Step * sum;
    }

    /// <summary>Prepares a query.</summary>
    public void Prepare(ReadOnlySpan<float> vector, byte* query)
    {
        var shift = IsL2 ? Low : 0;
        float largest = 0;
        foreach (var x in vector) largest = Math.Max(largest, Math.Abs(x - shift));
        var unit = largest > 0 ? largest / Top : 1;
        var inverse = 1 / unit;
        double sum = 0, squares = 0;
        var codes = (sbyte*)query + CodeQuery.Bytes;
        for (var i = 0; i < vector.Length; i++)
        {
            var x = vector[i] - shift;
            codes[i] = (sbyte)MathF.Round(x * inverse);
            sum += x;
            squares += (double)x * x;
        }

        for (var i = vector.Length; i < Stride; i++) codes[i] = 0;
        var head = (CodeQuery*)query;
        head->Offset = IsL2 ? (float)squares : (float)(-Low * sum);
        head->Scale = (IsL2 ? 2 : 1) * Step * unit;
    }
}
