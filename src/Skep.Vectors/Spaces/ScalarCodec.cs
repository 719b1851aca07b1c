using System.Buffers.Binary;
using Skep.Numerics;

namespace Skep.Vectors.Spaces;

/// <summary>
/// 7-bit codes: a number x stands as u = round((x - low) / step), 0 to 127. A row of codes and a query in signed 8-bit codes c, q ≈ t·c, give
/// Σ x·q ≈ low · Σ q + step · t · Σ u·c: one integer product, whose pairwise sums stay below 2^15, so that 16-bit lanes do not saturate. Between two rows:
/// Σ x·y ≈ n·low² + low·step·(Σu + Σv) + step²·Σ u·v. Squared distances do not change when all vectors are moved by low, so there
/// |x - y|² = step²·(Σu² + Σv² - 2 Σ u·v), and the query is moved likewise before it is coded.
/// </summary>
internal sealed unsafe class ScalarCodec : RowCodec
{
    public const int Top = 127;

    private const double CutOff = 0.0002;

    public ScalarCodec(VectorMetric metric, int dimension, float low, float step)
        : base(metric, dimension)
    {
        (Low, Step) = (low, step);
        Stride = (dimension + 63) / 64 * 64;
    }

    public override VectorCodes Codes => VectorCodes.Bits7;

    public override int PartCount => 1;

    /// <summary>What code 0 stands for.</summary>
    public float Low { get; }

    /// <summary>What one step of the code is worth.</summary>
    public float Step { get; }

    /// <summary>Bytes of a row: the dimensions, rounded up to whole cache lines.</summary>
    public override int Stride { get; }

    /// <summary>Bytes of a prepared query.</summary>
    public override int QueryBytes => CodeQuery.Bytes + Stride;

    private bool IsL2 => Metric == VectorMetric.L2;

    private float Base => Metric == VectorMetric.Cosine ? 1 : 0;

    /// <summary>Calibrates the codes to a sample: a few numbers of every ten thousand at both ends are cut off, so that outliers do not cost everyone's precision.</summary>
    public static ScalarCodec Calibrate(VectorMetric metric, int dimension, float[] sample)
    {
        Array.Sort(sample);
        var cut = (int)(sample.Length * CutOff);
        var (low, high) = (sample[cut], sample[sample.Length - 1 - cut]);
        return new ScalarCodec(metric, dimension, low, high > low ? (high - low) / Top : 1);
    }

    public static ScalarCodec Read(VectorMetric metric, int dimension, ReadOnlySpan<byte> bytes) =>
        new(metric, dimension, BinaryPrimitives.ReadSingleLittleEndian(bytes), BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]));

    public override byte[] Write()
    {
        var bytes = new byte[2 * sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, Low);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4), Step);
        return bytes;
    }

    /// <summary>Seven bits hardly change the order: a few more than are wanted.</summary>
    public override int RerankOf(int k, int ef) => Math.Min(ef, Math.Max(2 * k, k + 24));

    public override TResult With<TUser, TResult>(byte* codes, float* parts, TUser user) =>
        IsL2
            ? user.Use(new CodeL2Space<SevenBits>(codes, parts, Stride, 2 * Step * Step))
            : user.Use(new CodeDotSpace<SevenBits>(codes, parts, Stride, Base - (Dimension * Low * Low), Step * Step));

    public override void Encode(float* vector, byte* row, float* parts)
    {
        var codes = new Span<byte>(row, Dimension);
        ScalarQuantizer.ToU7(new ReadOnlySpan<float>(vector, Dimension), 1 / Step, Low, codes);
        long sum = 0, squares = 0;
        foreach (var code in codes)
        {
            sum += code;
            squares += code * code;
        }

        new Span<byte>(row + Dimension, Stride - Dimension).Clear();
        *parts = IsL2 ? (float)(squares * ((double)Step * Step)) : -Low * Step * sum;
    }

    public override void Prepare(float* vector, byte* query)
    {
        var shift = IsL2 ? Low : 0;
        float largest = 0;
        double sum = 0, squares = 0;
        for (var i = 0; i < Dimension; i++)
        {
            var x = vector[i] - shift;
            largest = Math.Max(largest, Math.Abs(x));
            sum += x;
            squares += (double)x * x;
        }

        var unit = largest > 0 ? largest / Top : 1;
        var codes = (sbyte*)query + CodeQuery.Bytes;
        ScalarQuantizer.ToI8(new ReadOnlySpan<float>(vector, Dimension), 1 / unit, shift, new Span<sbyte>(codes, Dimension));
        new Span<sbyte>(codes + Dimension, Stride - Dimension).Clear();
        var head = (CodeQuery*)query;
        head->Offset = IsL2 ? (float)squares : (float)(Base - (Low * sum));
        head->Scale = (IsL2 ? 2 : 1) * Step * unit;
    }
}
